/** The classes of an answer (api/tasks/classification/openapi.yaml), checked field by field. */

import { classIdOf, insist, listOf, numberOf, objectOf, textOf } from '../checks.js';
import { stoppedIn } from '../stopped.js';

/** @typedef {import('../../media/types.js').Size} Size */

const CLASSES_MAX = 100; // the most that the API returns
const CELLS_MAX = 100; // of a row or column
const HEAT_MAP_MAX_CHARS = 100_000;
const HEAT_MAP_URL = /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/;

/**
 * @param {Readonly<Record<string, unknown>>} json
 * @param {Size} size
 * @returns {import('./types.js').Result}
 * @throws {import('../checks.js').BadAnswer}
 */
export function parseClasses(json, size) {
  const classes = listOf(json.classes, CLASSES_MAX).map((item) => {
    const { label, class_id: classId, confidence } = objectOf(item);
    return Object.freeze({ label: textOf(label), classId: classIdOf(classId), confidence: numberOf(confidence, 0, 1) });
  });
  const stop = stoppedIn(json);
  insist(classes.length > 0 || stop.stopped !== undefined);
  const explained = json.explanation === undefined ? {} : { explanation: explanationOf(json.explanation, size) };
  return Object.freeze({ classes: Object.freeze(classes), ...explained, ...stop });
}

/** @param {unknown} value @param {Size} size @returns {import('./types.js').Explanation} */
function explanationOf(value, { width, height }) {
  const { label, box, grid, heat_map: url } = objectOf(value);
  insist(typeof url === 'string' && url.length <= HEAT_MAP_MAX_CHARS && HEAT_MAP_URL.test(url));
  const { x1, y1, x2, y2 } = objectOf(box);
  const falls = listOf(grid, CELLS_MAX).flatMap((row) => listOf(row, CELLS_MAX).map((fall) => numberOf(fall, -1, 1)));
  return Object.freeze({
    label: textOf(label),
    box: {
      x1: numberOf(x1, 0, width),
      y1: numberOf(y1, 0, height),
      x2: numberOf(x2, 0, width),
      y2: numberOf(y2, 0, height),
    },
    url: /** @type {string} */ (url),
    most: Math.max(0, ...falls),
  });
}
