/** The classes of an answer (api/tasks/classification/openapi.yaml), checked field by field. */

import { classIdOf, insist, listOf, numberOf, objectOf, textOf } from '../checks.js';

const CLASSES_MAX = 100; // the most that the API returns

/**
 * @param {Readonly<Record<string, unknown>>} json
 * @returns {import('./types.js').Result}
 * @throws {import('../checks.js').BadAnswer}
 */
export function parseClasses(json) {
  const classes = listOf(json.classes, CLASSES_MAX).map((item) => {
    const { label, class_id: classId, confidence } = objectOf(item);
    return Object.freeze({ label: textOf(label), classId: classIdOf(classId), confidence: numberOf(confidence, 0, 1) });
  });
  insist(classes.length > 0);
  return Object.freeze({ classes: Object.freeze(classes) });
}
