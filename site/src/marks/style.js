/** How large lines and letters are: a share of the picture (as in api/tasks/drawing/style.py), never too small. */

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Size} Size */

const TEXT_MIN_PX = 12; // in CSS pixels, whatever the size of the screen
const LINE_MIN_PX = 1.5;
const LABELS_MAX = 60;
const LABELS_SHARE = 0.2; // of the picture

/** @type {CanvasRenderingContext2D | null} */
let measure = null;
/** @type {Map<string, number>} widths of texts at a size of 100 */
const widths = new Map();

/**
 * @param {Size} picture
 * @param {number} unit how many pixels of the picture a CSS pixel is
 * @returns {import('../view/mark.js').Style}
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
 * @param {import('../view/mark.js').Style} style
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

/**
 * How many labels a picture takes before they hide it. Those beyond show when their box is lit.
 *
 * @param {readonly Size[]} sizes
 * @param {Size} picture
 * @returns {Size[]} the first ones
 */
export function labelsThatFit(sizes, picture) {
  let room = picture.width * picture.height * LABELS_SHARE;
  const fitting = [];
  for (const size of sizes.slice(0, LABELS_MAX)) {
    room -= size.width * size.height;
    if (room < 0 && fitting.length > 0) break;
    fitting.push(size);
  }
  return fitting;
}

/**
 * Leave out places that cover an earlier one: half a label says nothing.
 *
 * @param {readonly Box[]} places
 * @returns {(Box | null)[]}
 */
export function withoutCovered(places) {
  /** @type {Box[]} */
  const kept = [];
  return places.map((place) => {
    const isFree = kept.every(
      (other) => other.x2 <= place.x1 || other.x1 >= place.x2 || other.y2 <= place.y1 || other.y1 >= place.y2,
    );
    if (isFree) kept.push(place);
    return isFree ? place : null;
  });
}
