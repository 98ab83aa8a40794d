/** How large lines and letters are: a share of the picture, as in api/detection/draw.py, and never too small to read. */

/** @typedef {import('../types.js').Size} Size */

const TEXT_MIN_PX = 12; // in CSS pixels, whatever the size of the screen
const LINE_MIN_PX = 1.5;

/** @type {CanvasRenderingContext2D | null} */
let measure = null;
/** @type {Map<string, number>} widths of texts at a size of 100 */
const widths = new Map();

/**
 * @param {Size} picture
 * @param {number} unit how many pixels of the picture a CSS pixel is
 * @returns {import('./box.js').Style}
 */
export function boxStyle({ width, height }, unit) {
  const side = Math.sqrt(width * height);
  const text = Math.max(Math.min(Math.max(12, Math.round(side / 36)), 96), TEXT_MIN_PX * unit);
  return Object.freeze({
    line: Math.max(1, Math.round(side / 280), LINE_MIN_PX * unit),
    thin: Math.max(1, 0.75 * unit),
    text,
    padding: Math.max(2, text / 4),
  });
}

/**
 * How much room a label takes.
 *
 * @param {string} text
 * @param {import('./box.js').Style} style
 * @returns {Size}
 */
export function plateSize(text, style) {
  return {
    width: (widthOf(text) * style.text) / 100 + 2 * style.padding,
    height: style.text + 2 * style.padding * 0.8,
  };
}

/** @param {string} text */
function widthOf(text) {
  const known = widths.get(text);
  if (known !== undefined) return known;
  measure ??= document.createElement('canvas').getContext('2d');
  if (measure) measure.font = '100px system-ui, sans-serif';
  const width = measure?.measureText(text).width ?? text.length * 55;
  if (widths.size > 5000) widths.clear();
  widths.set(text, width);
  return width;
}
