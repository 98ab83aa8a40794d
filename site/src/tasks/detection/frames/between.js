/**
 * Where objects are between two analysed frames: on the straight line from the one place to the other. Which two are
 * the same
 * object, its track tells, else that it is of the same kind and nearly in the same place.
 */

import { overlapsAny } from '../nms.js';

/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Point} Point */
/** @typedef {import('../types.js').Result} Result */
/** @typedef {import('../types.js').Shown} Shown */

const SAME_OVERLAP = 0.3;
const NEAR = 0.25; // of the time between two frames: so long what is in one of them alone can be believed

/**
 * @param {Shown} shown of the nearer frame
 * @param {Result} other of the frame on the other side of the moment
 * @param {number} share how far the moment is from the nearer frame, as a share of the time between them
 * @returns {Shown} the same things, moved. What the other frame does not have stays; but if it has none of them, there is
 *   another scene, and nothing is shown until it is near
 */
export function between(shown, other, share) {
  const pairs = pairsOf(shown.detections, other);
  if (share > NEAR && pairs.every(([, there]) => !there)) return { ...shown, detections: [], listed: [] };
  return { ...shown, detections: pairs.map(([one, there]) => (there ? moved(one, there, share) : one)) };
}

/**
 * @param {readonly Detection[]} detections
 * @param {Result} other
 * @returns {readonly [Detection, Detection | undefined][]} each with the same object in the other frame
 */
function pairsOf(detections, other) {
  const all = [...other.detections, ...other.candidates];
  const byTrack = new Map([...all].reverse().flatMap((one) => (one.track ? [[one.track, one]] : [])));
  const followed = detections.filter(({ track }) => track);
  const isOtherScene = followed.length > 0 && !followed.some(({ track }) => byTrack.has(track ?? 0)); // there all tracks end
  return detections.map((one) => {
    if (isOtherScene) return [one, undefined];
    return [one, byTrack.get(one.track ?? 0) ?? all.find((two) => isSamePlace(one, two))];
  });
}

/** @param {Detection} one @param {Detection} two */
function isSamePlace(one, two) {
  return !(one.track && two.track) && one.label === two.label && overlapsAny(one, [two], SAME_OVERLAP);
}

/**
 * @param {Detection} one
 * @param {Detection} other
 * @param {number} share
 * @returns {Detection}
 */
function moved(one, other, share) {
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
    ...(one.attributes ? { attributes: one.attributes.map((said) => ({ ...said, outlines: said.outlines.map((points) => points.map(by)) })) } : {}),
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
