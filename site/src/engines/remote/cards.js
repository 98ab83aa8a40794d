/** The cards of the server's models (GET /v1/models), checked field by field. */

import { listOf, objectOf, textOf } from '../../tasks/checks.js';
import { doorOf } from '../../tasks/doors.js';
import { parseJson } from './envelope.js';

/** @typedef {import('../contract.js').Model} Model */

const MODELS_MAX = 1000;
const CLASSES_MAX = 100_000;

/**
 * @param {string} body
 * @returns {readonly Model[]} without those that could not be loaded, which have no task
 * @throws {import('../../tasks/checks.js').BadAnswer}
 */
export function parseModels(body) {
  const models = listOf(objectOf(parseJson(body)).models, MODELS_MAX).map(objectOf);
  return Object.freeze(models.filter(({ task }) => task !== undefined).map(cardOf));
}

/** @param {Record<string, unknown>} card @returns {Model} */
function cardOf({ name, task, labels }) {
  const known = { name: textOf(name), task: textOf(task) };
  return Object.freeze({ ...known, door: doorOf({ ...known, labels: listOf(labels ?? [], CLASSES_MAX).map(textOf) }) });
}
