/**
 * The colour of a class: the same as in the picture that the API draws (api/tasks/drawing/colours.py), hues a golden
 * angle apart at equal lightness.
 */

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/**
 * @param {number} classId
 * @returns {string} as CSS takes it
 */
export function classColour(classId) {
  const hue = (classId * GOLDEN_ANGLE + 0.5) % (2 * Math.PI);
  return `oklch(0.78 0.14 ${hue.toFixed(4)}rad)`;
}
