/** Where objects are between two analysed frames: on the straight line from the one place to the other. */

/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Point} Point */
/** @typedef {import('../types.js').Result} Result */
/** @typedef {import('../types.js').Shown} Shown */

/**
 * @param {Shown} shown of the nearer frame
 * @param {Result} other of the frame on the other side of the moment
 * @param {number} share how far the moment is from the nearer frame, as a share of the time between them
 * @returns {Shown} the same things, moved; what the other frame does not have stays
 */
export function between(shown, other, share) {
  const byTrack = new Map([...other.candidates, ...other.detections].flatMap((one) => (one.track ? [[one.track, one]] : [])));
  return { ...shown, detections: shown.detections.map((one) => moved(one, byTrack.get(one.track ?? 0), share)) };
}

/**
 * @param {Detection} one
 * @param {Detection | undefined} other
 * @param {number} share
 * @returns {Detection}
 */
function moved(one, other, share) {
  if (!other) return one;
  const mix = (/** @type {number} */ from, /** @type {number} */ to) => from + (to - from) * share;
  const box = {
    x1: mix(one.box.x1, other.box.x1),
    y1: mix(one.box.y1, other.box.y1),
    x2: mix(one.box.x2, other.box.x2),
    y2: mix(one.box.y2, other.box.y2),
  };
  const by = placeIn(one.box, box);
  return {
    ...one,
    box,
    ...(one.polygon ? { polygon: one.polygon.map(by) } : {}),
    ...(one.keypoints ? { keypoints: one.keypoints.map((point) => ({ ...point, ...by(point) })) } : {}),
  };
}

/**
 * @param {Detection['box']} from
 * @param {Detection['box']} to
 * @returns {(point: Point) => Point} takes a point of the one box to the same place of the other
 */
function placeIn(from, to) {
  const across = (to.x2 - to.x1) / Math.max(1e-6, from.x2 - from.x1);
  const down = (to.y2 - to.y1) / Math.max(1e-6, from.y2 - from.y1);
  return ({ x, y }) => ({ x: to.x1 + (x - from.x1) * across, y: to.y1 + (y - from.y1) * down });
}
