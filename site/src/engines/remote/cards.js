/** The cards of the server's models (GET /v1/models), checked field by field. */

import { listOf, objectOf, parseJson, textOf } from '../../tasks/checks.js';
import { doorOf } from '../../tasks/doors.js';

/** @typedef {import('../contract.js').Model} Model */

const MODELS_MAX = 1000;
const CLASSES_MAX = 100_000;
const LINES_MAX = 1000;
const STEPS_MAX = 100;

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
function cardOf({ name, task, labels, skeleton, chain }) {
  const known = { name: textOf(name), task: textOf(task) };
  const door = doorOf({ ...known, labels: listOf(labels ?? [], CLASSES_MAX).map(textOf) });
  return Object.freeze({
    ...known,
    door,
    ...(skeleton ? { skeleton: listOf(skeleton, LINES_MAX).map(lineOf) } : {}),
    ...(chain ? { chain: listOf(chain, STEPS_MAX).map((step) => textOf(objectOf(step).model)) } : {}),
  });
}

/** @param {unknown} line @returns {readonly [string, string]} */
function lineOf(line) {
  const [from, to] = listOf(line, 2);
  return [textOf(from), textOf(to)];
}
