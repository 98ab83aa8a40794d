/** Where a line lies, however it is turned. */

/** @typedef {import('../../marks/types.js').Box} Box */
/** @typedef {import('../../marks/types.js').Point} Point */
/** @typedef {import('./types.js').Line} Line */

/**
 * The parallelogram that is nearest to a line's corners.
 *
 * @param {Line['polygon']} polygon
 * @returns {Readonly<{start: Point, along: Point, down: Point}>} start: where its first letter's top is; along: from there to
 *   the end of the line; down: to the letters' feet
 */
export function placeOf(polygon) {
  const [p0, p1, p2, p3] = /** @type {[Point, Point, Point, Point]} */ (polygon);
  const along = { x: (p1.x - p0.x + p2.x - p3.x) / 2, y: (p1.y - p0.y + p2.y - p3.y) / 2 };
  const down = { x: (p3.x - p0.x + p2.x - p1.x) / 2, y: (p3.y - p0.y + p2.y - p1.y) / 2 };
  const middle = { x: (p0.x + p1.x + p2.x + p3.x) / 4, y: (p0.y + p1.y + p2.y + p3.y) / 4 };
  return { start: { x: middle.x - (along.x + down.x) / 2, y: middle.y - (along.y + down.y) / 2 }, along, down };
}

/** @param {Line['polygon']} polygon @returns {Box} */
export function boxAround(polygon) {
  const [across, down] = [polygon.map(({ x }) => x), polygon.map(({ y }) => y)];
  return { x1: Math.min(...across), y1: Math.min(...down), x2: Math.max(...across), y2: Math.max(...down) };
}

/**
 * How far a line is turned.
 *
 * @param {Line['polygon']} polygon
 * @returns {number} in degrees, counter-clockwise as one sees it, over -180..180; 0 reads from left to right
 */
export function angleOf(polygon) {
  const { along } = placeOf(polygon);
  return (Math.atan2(-along.y, along.x) * 180) / Math.PI;
}

/** Whether a point is within a line. @param {Line['polygon']} polygon @param {Point} point */
export function isWithin(polygon, { x, y }) {
  const { start, along, down } = placeOf(polygon);
  const area = along.x * down.y - along.y * down.x;
  const [across, deep] = [x - start.x, y - start.y];
  const [share, depth] = [(across * down.y - deep * down.x) / area, (along.x * deep - along.y * across) / area];
  return share >= 0 && share <= 1 && depth >= 0 && depth <= 1;
}
