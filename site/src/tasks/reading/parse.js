/** The lines of an answer (api/tasks/reading/openapi.yaml), checked field by field. */

import { insist, listOf, numberOf, objectOf } from '../checks.js';
import { stoppedIn } from '../stopped.js';

/** @typedef {import('./types.js').Line} Line */

const LINES_MAX = 10_000;
const TEXT_MAX = 10_000; // characters of a line
const CORNERS = 4;
const FAR = 1_000_000; // a corner may lie outside of the picture

/**
 * @param {Readonly<Record<string, unknown>>} json
 * @param {import('../../media/types.js').Size} size
 * @returns {import('./types.js').Result}
 * @throws {import('../checks.js').BadAnswer}
 */
export function parseLines(json, size) {
  const lines = listOf(json.lines, LINES_MAX).map(lineOf);
  return Object.freeze({ lines: Object.freeze(lines), size, ...stoppedIn(json) });
}

/** @param {unknown} item @returns {Line} */
function lineOf(item) {
  const { text, confidence, polygon } = objectOf(item);
  insist(typeof text === 'string' && text.length <= TEXT_MAX);
  const corners = listOf(polygon, CORNERS).map(pointOf);
  insist(corners.length === CORNERS);
  return Object.freeze({
    text: /** @type {string} */ (text),
    confidence: numberOf(confidence, 0, 1),
    polygon: Object.freeze(corners),
  });
}

/** @param {unknown} value */
function pointOf(value) {
  const [x, y] = listOf(value, 2);
  return Object.freeze({ x: numberOf(x, -FAR, FAR), y: numberOf(y, -FAR, FAR) });
}
