/**
 * The API's answers, checked field by field: what passes is exactly what the rest of the page may rely on.
 */

import { insist, listOf, numberOf, objectOf, parseJson, textOf } from '../../tasks/checks.js';

const TIMINGS_MAX = 20;
const SIDE_MAX = 65535;
const CLASSES_MAX = 100_000;
const QUEUE_MAX = 1_000_000;
const IMAGE_MAX_CHARS = 32 * 1024 * 1024;
const IMAGE_URL = /^data:image\/(?:jpeg|png);base64,[A-Za-z0-9+/]+={0,2}$/;
const FIRST_TASK = 'detection'; // what an API of an older version does, which does not say so

/**
 * Check what every answer has; the task reads its own part of it.
 *
 * @param {string} body
 * @returns {import('../contract.js').Envelope}
 * @throws {import('../../tasks/checks.js').BadAnswer}
 */
export function parseEnvelope(body) {
  const json = objectOf(parseJson(body));
  const timings = objectOf(json.timings_ms ?? {});
  return Object.freeze({
    name: textOf(json.name),
    task: textOf(json.task ?? FIRST_TASK),
    model: textOf(json.model),
    width: numberOf(json.width, 1, SIDE_MAX),
    height: numberOf(json.height, 1, SIDE_MAX),
    image: imageOf(json.image ?? null),
    timings: timingsOf(timings),
    steps: timings.steps,
    json,
  });
}

/**
 * Check the answer to /status_check.
 *
 * @param {string} body
 * @returns {import('./types.js').ServerAnswer}
 * @throws {import('../../tasks/checks.js').BadAnswer}
 */
export function parseStatus(body) {
  const status = objectOf(parseJson(body));
  insist(status.status === 'online' || status.status === 'busy');
  return Object.freeze({
    light: /** @type {'online' | 'busy'} */ (status.status),
    model: textOf(status.model),
    queue: queueOf(status.queue),
    defaults: Object.freeze({ ...objectOf(status.defaults ?? {}) }), // each task reads its own, and believes nothing
    needsKey: status.needs_key === true, // programs do, pages do not
    jobs: status.jobs, // read by those who send videos (jobs.js)
  });
}

/**
 * Check the list of a model's labels.
 *
 * @param {string} body
 * @returns {readonly string[]}
 * @throws {import('../../tasks/checks.js').BadAnswer}
 */
export function parseLabels(body) {
  return Object.freeze(listOf(objectOf(parseJson(body)).labels, CLASSES_MAX).map(textOf));
}

/**
 * @param {unknown} value
 * @returns {import('./types.js').Queue}
 */
function queueOf(value) {
  const { running, waiting, capacity } = objectOf(value ?? { running: 0, waiting: 0, capacity: 0 });
  return Object.freeze({
    running: numberOf(running, 0, QUEUE_MAX),
    waiting: numberOf(waiting, 0, QUEUE_MAX),
    capacity: numberOf(capacity, 0, QUEUE_MAX),
  });
}

/** @param {unknown} value */
function imageOf(value) {
  if (value === null) return null;
  insist(typeof value === 'string' && value.length <= IMAGE_MAX_CHARS && IMAGE_URL.test(value));
  return /** @type {string} */ (value);
}

/**
 * Stages are named by the API and may grow in number; what is no number is left out.
 *
 * @param {Readonly<Record<string, unknown>>} value
 * @returns {Readonly<Record<string, number>>}
 */
function timingsOf(value) {
  /** @type {Record<string, number>} */
  const timings = {};
  for (const [stage, ms] of Object.entries(value).slice(0, TIMINGS_MAX)) {
    if (typeof ms === 'number' && ms >= 0) timings[stage] = ms;
  }
  return Object.freeze(timings);
}
