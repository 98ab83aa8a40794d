/**
 * Paints marks as SVG: the shapes of a mark as data, from which the page makes elements (view/mark.js) and the saved web
 * page makes markup. The API draws the same (api/tasks/detection/draw.py).
 */

import { DARK, FONT, linesOf, ringsOf, TINT } from './style.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Mark} Mark */
/** @typedef {import('./style.js').Style} Style */

/**
 * @typedef {Readonly<{
 *   tag: 'rect' | 'polygon' | 'line' | 'circle' | 'image' | 'text',
 *   part: string,
 *   attributes: Readonly<Record<string, string | number>>,
 *   text?: string,
 * }>} Shape part: what of the mark it is, for styles
 */

const BASELINE = 0.35; // of the font's size, below the middle of a line

/**
 * @param {Mark} mark a label has no shapes until it has a place: `labelShapes`
 * @param {string} colour
 * @param {Style} style
 * @returns {Shape[]}
 */
export function shapesOf(mark, colour, style) {
  switch (mark.kind) {
    case 'rect': return linesOf(style, colour).map((line) => rectShape(mark.box, line));
    case 'polygon': return polygonShapes(mark, colour, style);
    case 'point': return ringsOf(style, colour).map(({ part, radius, ink }) => {
      return { tag: 'circle', part: `point-${part}`, attributes: { cx: mark.at.x, cy: mark.at.y, r: radius, fill: ink } };
    });
    case 'line': return lineShapes({ x1: mark.from.x, y1: mark.from.y, x2: mark.to.x, y2: mark.to.y }, colour, style);
    case 'mask': {
      const { box, url, opacity = 1 } = mark;
      return [{ tag: 'image', part: 'mask', attributes: { ...sides(box, 0), href: url, opacity, preserveAspectRatio: 'none' } }];
    }
    default: return [];
  }
}

/**
 * @param {Box} box
 * @param {ReturnType<typeof linesOf>[number]} line
 * @returns {Shape}
 */
function rectShape(box, { part, inset, width, ink }) {
  return { tag: 'rect', part, attributes: { ...sides(box, inset + width / 2), fill: 'none', stroke: ink, 'stroke-width': width } };
}

/**
 * @param {Extract<Mark, {kind: 'polygon'}>} mark
 * @param {string} colour
 * @param {Style} style
 * @returns {Shape[]}
 */
function polygonShapes({ points, isHollow }, colour, { line, thin }) {
  const joined = { points: points.map(({ x, y }) => `${x},${y}`).join(' '), 'stroke-linejoin': 'round' };
  return [
    { tag: 'polygon', part: 'dark', attributes: { ...joined, fill: 'none', stroke: DARK, 'stroke-width': line + 2 * thin } },
    { tag: 'polygon', part: 'colour', attributes: { ...joined, fill: colour, 'fill-opacity': isHollow ? 0 : TINT, stroke: colour, 'stroke-width': line } },
  ];
}

/**
 * @param {Box} ends
 * @param {string} colour
 * @param {Style} style
 * @returns {Shape[]}
 */
function lineShapes(ends, colour, { line, thin }) {
  const between = /** @type {const} */ ([['dark', line + 2 * thin, DARK], ['colour', line, colour]]);
  return between.map(([part, width, ink]) => {
    const attributes = { ...ends, stroke: ink, 'stroke-width': width, 'stroke-linecap': 'round' };
    return { tag: 'line', part: `line-${part}`, attributes };
  });
}

/**
 * A label's plate and its letters.
 *
 * @param {string} text
 * @param {Box} place of the plate
 * @param {string} colour
 * @param {Style} style
 * @param {boolean} [isFitted] whether the letters take the room that was measured for them, in whatever font
 * @returns {Shape[]}
 */
export function labelShapes(text, place, colour, style, isFitted = false) {
  const room = Math.max(1, place.x2 - place.x1 - 2 * style.padding);
  const letters = {
    x: place.x1 + style.padding,
    y: (place.y1 + place.y2) / 2 + style.text * BASELINE,
    'font-size': style.text,
    'font-family': FONT,
    fill: DARK,
    ...(isFitted ? { textLength: room, lengthAdjust: 'spacingAndGlyphs' } : {}),
  };
  return [
    { tag: 'rect', part: 'plate', attributes: { ...sides(place, style.thin / 2), fill: colour, stroke: DARK, 'stroke-width': style.thin } },
    { tag: 'text', part: 'text', attributes: letters, text },
  ];
}

/**
 * Write shapes as markup.
 *
 * @param {readonly Shape[]} shapes
 * @param {(text: string) => string} escape makes text of anything
 * @returns {string}
 */
export function toMarkup(shapes, escape) {
  return shapes
    .map(({ tag, attributes, text }) => {
      const written = Object.entries(attributes).map(([name, value]) => {
        return `${name}="${typeof value === 'number' ? Number(value.toFixed(3)) : escape(value)}"`;
      });
      return `<${tag} ${written.join(' ')}${text === undefined ? '/>' : `>${escape(text)}</${tag}>`}`;
    })
    .join('');
}

/**
 * @param {Box} box
 * @param {number} by how far inside of it
 */
function sides({ x1, y1, x2, y2 }, by) {
  return { x: x1 + by, y: y1 + by, width: Math.max(0, x2 - x1 - 2 * by), height: Math.max(0, y2 - y1 - 2 * by) };
}
