/** How marks look: inks, and sizes that are a share of the picture (as in api/tasks/drawing/style.py), never too small. */

/** @typedef {import('./types.js').Size} Size */
/** @typedef {Readonly<{line: number, thin: number, text: number, padding: number}>} Style in pixels of the picture */

const TEXT_MIN_PX = 12; // in CSS pixels, whatever the size of the screen
const LINE_MIN_PX = 1.5;
const THIN_PX = 0.75;

export const DARK = '#111111';
export const LIGHT = '#ffffff';
export const FONT = 'system-ui, sans-serif';
/** How much of its colour a thing's inside takes. */
export const TINT = 0.35;

/**
 * @param {Size} picture
 * @param {number} [unit] how many pixels of the picture a CSS pixel is, 0 where that is not known
 * @returns {Style}
 */
export function markStyle({ width, height }, unit = 0) {
  const side = Math.sqrt(width * height);
  const text = Math.max(Math.min(Math.max(12, Math.round(side / 36)), 96), TEXT_MIN_PX * unit);
  return Object.freeze({
    line: Math.max(1, Math.round(side / 280), LINE_MIN_PX * unit),
    thin: Math.max(1, THIN_PX * unit),
    text,
    padding: Math.max(2, Math.floor(text / 4)),
  });
}

/**
 * The lines of a box, from outside to inside: its colour between a dark and a light one, so that it reads on any picture.
 *
 * @param {Style} style
 * @param {string} colour
 */
export function linesOf({ line, thin }, colour) {
  return [
    { part: 'dark', inset: -thin, width: thin, ink: DARK },
    { part: 'colour', inset: 0, width: line, ink: colour },
    { part: 'light', inset: line, width: thin, ink: LIGHT },
  ];
}

/**
 * The rings of a point, each painted over the one before.
 *
 * @param {Style} style
 * @param {string} colour
 */
export function ringsOf({ line, thin }, colour) {
  return [
    { part: 'dark', radius: 2 * line + thin, ink: DARK },
    { part: 'colour', radius: 2 * line, ink: colour },
    { part: 'light', radius: line, ink: LIGHT },
  ];
}
