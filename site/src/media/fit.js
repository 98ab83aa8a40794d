/** How large a picture is sent. */

/** @typedef {import('./types.js').Size} Size */

/**
 * Reduce a size until its longer side is within a limit; never enlarge, never round a side to nothing.
 *
 * @param {Size} size
 * @param {number} longestSide
 * @returns {Size}
 */
export function fitWithin({ width, height }, longestSide) {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
