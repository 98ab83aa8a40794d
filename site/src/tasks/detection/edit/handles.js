/** The four corners and the four edges by which a box is resized. */

import { svgElement } from '../../../dom/elements.js';

/** @typedef {import('../types.js').Box} Box */
/** @typedef {Readonly<{x: number, y: number}>} Point */

const RADIUS_PX = 7;
const EDGE_RADIUS_PX = 5;
const EDGE_REACH_PX = 10;
const REACH_PX = 22; // a finger's target is 44 pixels wide

/** @param {SVGSVGElement} root */
export function createHandles(root) {
  const group = svgElement('g', 'handles');
  group.setAttribute('aria-hidden', 'true');
  const circles = [0, 1, 2, 3].map(() => svgElement('circle', 'handle'));
  const middles = [0, 1, 2, 3].map(() => svgElement('circle', 'handle'));
  group.append(...middles, ...circles);

  return {
    /**
     * @param {Box | null} box
     * @param {number} unit how many pixels of the picture a CSS pixel is
     */
    show(box, unit) {
      if (!box) return group.remove();
      root.append(group); // over all boxes
      cornersOf(box).forEach(({ corner }, index) => {
        circles[index]?.setAttribute('cx', String(corner.x));
        circles[index]?.setAttribute('cy', String(corner.y));
        circles[index]?.setAttribute('r', String(RADIUS_PX * unit));
      });
      const [x, y] = [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2];
      [[x, box.y1], [box.x2, y], [x, box.y2], [box.x1, y]].forEach(([cx, cy], index) => {
        middles[index]?.setAttribute('cx', String(cx));
        middles[index]?.setAttribute('cy', String(cy));
        middles[index]?.setAttribute('r', String(EDGE_RADIUS_PX * unit));
      });
    },
  };
}

/**
 * Find the corner that a finger means.
 *
 * @param {Box} box
 * @param {Point} point
 * @param {number} unit
 * @returns {Point | null} the opposite corner, which stays where it is
 */
export function grabbedCorner(box, point, unit) {
  const near = cornersOf(box)
    .map(({ corner, opposite }) => ({ opposite, distance: Math.hypot(corner.x - point.x, corner.y - point.y) }))
    .sort((one, other) => one.distance - other.distance)[0];
  // Of a small box the middle must stay free to be moved by.
  const reach = Math.min(REACH_PX * unit, Math.max(RADIUS_PX * unit, Math.min(box.x2 - box.x1, box.y2 - box.y1) / 3));
  return near && near.distance <= reach ? near.opposite : null;
}

/**
 * Find the edge that is meant, where no corner is.
 *
 * @param {Box} box
 * @param {Point} point
 * @param {number} unit
 * @returns {((to: Point) => Box) | null} the box whose edge is at another place
 */
export function grabbedEdge(box, point, unit) {
  const isBeside = point.x >= box.x1 && point.x <= box.x2;
  const isAbove = point.y >= box.y1 && point.y <= box.y2;
  const edges = [
    ...(isAbove ? [/** @type {const} */ (['x1', 'x']), /** @type {const} */ (['x2', 'x'])] : []),
    ...(isBeside ? [/** @type {const} */ (['y1', 'y']), /** @type {const} */ (['y2', 'y'])] : []),
  ];
  const near = edges
    .map(([edge, axis]) => ({ edge, axis, distance: Math.abs(box[edge] - point[axis]) }))
    .sort((one, other) => one.distance - other.distance)[0];
  // Less than a corner's, for the edge of a small box is everywhere.
  const reach = Math.min(EDGE_REACH_PX * unit, Math.min(box.x2 - box.x1, box.y2 - box.y1) / 5);
  return near && near.distance <= reach ? (to) => ({ ...box, [near.edge]: to[near.axis] }) : null;
}

/** @param {Box} box */
function cornersOf({ x1, y1, x2, y2 }) {
  const corners = [{ x: x1, y: y1 }, { x: x2, y: y1 }, { x: x2, y: y2 }, { x: x1, y: y2 }];
  return corners.map((corner, index) => ({ corner, opposite: /** @type {Point} */ (corners[(index + 2) % 4]) }));
}
