/** Files of what was read. Loaded when one is asked for. */

import { exportName } from '../../../save/names.js';
import { toHocr } from './hocr.js';

/** @typedef {import('../types.js').Shown} Shown */

/**
 * @param {'text' | 'hocr' | 'lines'} id
 * @param {import('../../../save/formats.js').Subject} subject
 * @returns {Promise<import('../../../save/formats.js').Kept>}
 */
export async function makeFile(id, { name, size, answer, shown, originalSize }) {
  const { lines } = /** @type {Shown} */ (shown);
  const kept = (/** @type {string} */ text, /** @type {string} */ type) => ({ name: exportName(name, id), content: new Blob([text], { type }) });
  if (id === 'text') return kept(lines.map(({ text }) => `${text}\n`).join(''), 'text/plain');
  if (id === 'lines') return kept(toJson(name, size, answer.model, lines), 'application/json');
  const full = await originalSize();
  return kept(toHocr({ name, size: full, model: answer.model }, scaled(lines, size, full)), 'text/html');
}

/**
 * As the API answers.
 *
 * @param {string} name
 * @param {import('../types.js').Size} size
 * @param {string} model
 * @param {Shown['lines']} lines
 */
function toJson(name, size, model, lines) {
  const written = lines.map(({ text, confidence, polygon }) => ({ text, confidence, polygon: polygon.map(({ x, y }) => [x, y]) }));
  return `${JSON.stringify({ name, ...size, model, lines: written }, null, 2)}\n`;
}

/**
 * Measured in a picture of another size, like the original that a smaller copy was sent of.
 *
 * @param {Shown['lines']} lines
 * @param {import('../types.js').Size} from
 * @param {import('../types.js').Size} to
 */
function scaled(lines, from, to) {
  const [across, down] = [to.width / from.width, to.height / from.height];
  return lines.map((line) => ({ ...line, polygon: line.polygon.map(({ x, y }) => ({ x: x * across, y: y * down })) }));
}
