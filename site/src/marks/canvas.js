/**
 * Paints marks onto a canvas, as the API draws them (api/tasks/detection/draw.py); only the font is the browser's. No
 * document is needed.
 */

import { placeLabels } from './label-placement.js';
import { DARK, FONT, linesOf, markStyle, ringsOf, TINT } from './style.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Mark} Mark */
/** @typedef {import('./types.js').MarkGroup} MarkGroup */
/** @typedef {import('./types.js').Size} Size */
/** @typedef {import('./style.js').Style} Style */
/** @typedef {{x: number, y: number}} Scale */

/**
 * Paint all marks, the first group on top and every label over all else.
 *
 * @param {OffscreenCanvasRenderingContext2D} context of a canvas that shows the whole picture
 * @param {readonly MarkGroup[]} groups
 * @param {Size} size of the picture that the marks are measured in
 * @param {number} [unit] how many pixels of the canvas a CSS pixel is, 0 where that is not known
 */
export async function paintMarks(context, groups, size, unit = 0) {
  const { canvas } = context;
  const scale = { x: canvas.width / size.width, y: canvas.height / size.height };
  const style = markStyle(canvas, unit);
  for (const { marks, colour } of [...groups].reverse()) {
    for (const mark of marks) await paintMark(context, mark, colour, style, scale);
  }
  paintLabels(context, groups, style, scale);
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Mark} mark
 * @param {string} colour
 * @param {Style} style
 * @param {Scale} scale
 */
async function paintMark(context, mark, colour, style, scale) {
  if (mark.kind === 'rect') paintRect(context, scaled(mark.box, scale), colour, style);
  if (mark.kind === 'polygon') paintPolygon(context, mark, colour, style, scale);
  if (mark.kind === 'point') paintPoint(context, mark.at.x * scale.x, mark.at.y * scale.y, colour, style);
  if (mark.kind === 'line') {
    const [from, to] = [mark.from, mark.to].map(({ x, y }) => ({ x: x * scale.x, y: y * scale.y }));
    if (from && to) paintLine(context, from, to, colour, style);
  }
  if (mark.kind === 'mask') await paintMask(context, mark, scaled(mark.box, scale));
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Box} box
 * @param {string} colour
 * @param {Style} style
 */
function paintRect(context, { x1, y1, x2, y2 }, colour, style) {
  for (const { inset, width, ink } of linesOf(style, colour)) {
    // Whole pixels, the last ones included, as the API takes them.
    const [left, top] = [Math.trunc(x1 + inset), Math.trunc(y1 + inset)];
    const [right, bottom] = [Math.trunc(x2 - 1 - inset), Math.trunc(y2 - 1 - inset)];
    if (right < left || bottom < top) continue;
    context.fillStyle = ink;
    const [across, down] = [right - left + 1, bottom - top + 1];
    context.fillRect(left, top, across, Math.min(width, down));
    context.fillRect(left, Math.max(top, bottom - width + 1), across, Math.min(width, down));
    context.fillRect(left, top, Math.min(width, across), down);
    context.fillRect(Math.max(left, right - width + 1), top, Math.min(width, across), down);
  }
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Extract<Mark, {kind: 'polygon'}>} mark
 * @param {string} colour
 * @param {Style} style
 * @param {Scale} scale
 */
function paintPolygon(context, { points, isHollow }, colour, { line, thin }, scale) {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x * scale.x, y * scale.y);
  context.closePath();
  context.lineJoin = 'round';
  context.fillStyle = colour;
  context.globalAlpha = isHollow ? 0 : TINT;
  context.fill();
  context.globalAlpha = 1;
  for (const [width, ink] of /** @type {const} */ ([[line + 2 * thin, DARK], [line, colour]])) {
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke();
  }
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @param {string} colour
 * @param {Style} style
 */
function paintLine(context, from, to, colour, { line, thin }) {
  context.lineCap = 'round';
  for (const [width, ink] of /** @type {const} */ ([[line + 2 * thin, DARK], [line, colour]])) {
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke();
  }
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 * @param {Style} style
 */
function paintPoint(context, x, y, colour, style) {
  for (const { radius, ink } of ringsOf(style, colour)) {
    context.fillStyle = ink;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {{url: string, opacity?: number, isMirrored?: boolean}} mask url: a data URL of base64; the page's policy lets no script
 *   fetch one
 * @param {Box} box
 */
async function paintMask(context, { url, opacity = 1, isMirrored = false }, { x1, y1, x2, y2 }) {
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  context.save();
  context.globalAlpha = opacity;
  if (isMirrored) context.setTransform(-1, 0, 0, 1, x1 + x2, 0);
  context.drawImage(picture, x1, y1, x2 - x1, y2 - y1);
  context.restore();
  picture.close();
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {readonly MarkGroup[]} groups
 * @param {Style} style
 * @param {Scale} scale
 */
function paintLabels(context, groups, { text, padding, thin }, scale) {
  context.font = `${text}px ${FONT}`;
  context.textBaseline = 'alphabetic';
  const labels = groups.flatMap(({ marks, colour }) =>
    marks.flatMap((mark) => {
      if (mark.kind !== 'label') return [];
      return [{ words: mark.text, colour, box: scaled(mark.box, scale), ink: context.measureText(mark.text) }];
    }),
  );
  const plates = labels.map(({ ink }) => ({
    width: Math.ceil(ink.actualBoundingBoxRight) + 2 * padding,
    height: Math.ceil(ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent) + 2 * padding,
  }));
  const { width, height } = context.canvas;
  const places = placeLabels(labels.map(({ box }) => box), plates, { width, height });
  labels.forEach(({ words, colour, ink }, index) => {
    const { x1, y1, x2, y2 } = /** @type {Box} */ (places[index]);
    context.fillStyle = DARK;
    context.fillRect(x1, y1, x2 - x1, y2 - y1);
    context.fillStyle = colour;
    context.fillRect(x1 + thin, y1 + thin, x2 - x1 - 2 * thin, y2 - y1 - 2 * thin);
    context.fillStyle = DARK;
    context.fillText(words, x1 + padding, y1 + padding + ink.actualBoundingBoxAscent, Math.max(1, x2 - x1 - 2 * padding));
  });
}

/**
 * @param {Box} box
 * @param {Scale} scale
 * @returns {Box}
 */
function scaled({ x1, y1, x2, y2 }, { x, y }) {
  return { x1: x1 * x, y1: y1 * y, x2: x2 * x, y2: y2 * y };
}
