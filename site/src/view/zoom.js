/** How near the picture is looked at, and where: numbers alone. All lengths are CSS pixels of the frame. */

/** @typedef {Readonly<{scale: number, x: number, y: number}>} Look x and y: where the picture's upper left corner is */
/** @typedef {import('../media/types.js').Size} Size */
/** @typedef {import('../marks/types.js').Point} Point */

export const SCALE_MAX = 12;

/** @type {Look} */
export const WHOLE = Object.freeze({ scale: 1, x: 0, y: 0 });

/**
 * Come nearer, or go farther away, so that what is at a point stays there.
 *
 * @param {Look} look
 * @param {number} factor
 * @param {Point} at in the frame
 * @param {Size} frame
 * @returns {Look}
 */
export function zoomed({ scale, x, y }, factor, at, frame) {
  const next = Math.min(SCALE_MAX, Math.max(1, scale * factor));
  const ratio = next / scale;
  return within({ scale: next, x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio }, frame);
}

/**
 * @param {Look} look
 * @param {Point} by
 * @param {Size} frame
 * @returns {Look}
 */
export function moved({ scale, x, y }, by, frame) {
  return within({ scale, x: x + by.x, y: y + by.y }, frame);
}

/**
 * No edge of the picture comes into the frame.
 *
 * @param {Look} look
 * @param {Size} frame
 * @returns {Look}
 */
function within({ scale, x, y }, { width, height }) {
  if (scale < 1.001) return WHOLE;
  const inside = (/** @type {number} */ place, /** @type {number} */ side) => Math.min(0, Math.max(side * (1 - scale), place));
  return Object.freeze({ scale, x: inside(x, width), y: inside(y, height) });
}
