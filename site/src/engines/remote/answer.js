/**
 * The API's answers, checked field by field: what passes is exactly what the rest of the page may rely on.
 */

import { ApiProblem } from './problem.js';

/** @typedef {import('../../types.js').Answer} Answer */
/** @typedef {import('../../types.js').Box} Box */
/** @typedef {import('../../types.js').Detection} Detection */
/** @typedef {import('../../types.js').ServerAnswer} ServerAnswer */

const DETECTIONS_MAX = 1000; // the most that the API ever returns, of detections and of candidates
const TIMINGS_MAX = 20;
const TEXT_MAX = 200;
const SIDE_MAX = 65535;
const CLASSES_MAX = 100_000;
const QUEUE_MAX = 1_000_000;
const IMAGE_MAX_CHARS = 32 * 1024 * 1024;
const IMAGE_URL = /^data:image\/(?:jpeg|png);base64,[A-Za-z0-9+/]+={0,2}$/;

/**
 * Check the answer to a detection.
 *
 * @param {string} body
 * @returns {Answer}
 * @throws {ApiProblem} of kind bad-answer
 */
export function parseAnswer(body) {
  const answer = objectOf(parseJson(body));
  const width = numberOf(answer.width, 1, SIDE_MAX);
  const height = numberOf(answer.height, 1, SIDE_MAX);
  const detections = detectionsOf(answer.detections, width, height);
  return Object.freeze({
    name: textOf(answer.name),
    image: imageOf(answer.image),
    width,
    height,
    detections,
    // An API of an older version has none: then what it detected is all there is to choose from.
    candidates: answer.candidates === undefined ? detections : detectionsOf(answer.candidates, width, height),
    model: textOf(answer.model),
    timings: timingsOf(answer.timings_ms),
  });
}

/**
 * Check the answer to /status_check.
 *
 * @param {string} body
 * @returns {ServerAnswer}
 * @throws {ApiProblem} of kind bad-answer
 */
export function parseStatus(body) {
  const status = objectOf(parseJson(body));
  insist(status.status === 'online' || status.status === 'busy');
  return Object.freeze({
    light: /** @type {'online' | 'busy'} */ (status.status),
    model: textOf(status.model),
    classes: numberOf(status.classes ?? 0, 0, CLASSES_MAX),
    queue: queueOf(status.queue),
  });
}

/**
 * Check the list of the model's labels.
 *
 * @param {string} body
 * @returns {readonly import('../../types.js').Class[]}
 * @throws {ApiProblem}
 */
export function parseLabels(body) {
  const { labels } = objectOf(parseJson(body));
  insist(Array.isArray(labels) && labels.length <= CLASSES_MAX);
  return Object.freeze(/** @type {unknown[]} */ (labels).map((label, classId) => Object.freeze({ classId, label: textOf(label) })));
}

/**
 * @param {unknown} value
 * @param {number} width
 * @param {number} height
 * @returns {readonly Detection[]}
 */
function detectionsOf(value, width, height) {
  insist(Array.isArray(value) && value.length <= DETECTIONS_MAX);
  return Object.freeze(/** @type {unknown[]} */ (value).map((item) => detectionOf(item, width, height)));
}

/**
 * @param {unknown} value
 * @returns {import('../../types.js').Queue}
 */
function queueOf(value) {
  const { running, waiting, capacity } = objectOf(value ?? { running: 0, waiting: 0, capacity: 0 });
  return Object.freeze({
    running: numberOf(running, 0, QUEUE_MAX),
    waiting: numberOf(waiting, 0, QUEUE_MAX),
    capacity: numberOf(capacity, 0, QUEUE_MAX),
  });
}

/**
 * @param {unknown} value
 * @param {number} width
 * @param {number} height
 * @returns {Detection}
 */
function detectionOf(value, width, height) {
  const { label, class_id: classId, confidence, box } = objectOf(value);
  const { x1, y1, x2, y2 } = objectOf(box);
  const checked = {
    x1: numberOf(x1, 0, width),
    y1: numberOf(y1, 0, height),
    x2: numberOf(x2, 0, width),
    y2: numberOf(y2, 0, height),
  };
  insist(checked.x1 <= checked.x2 && checked.y1 <= checked.y2);
  insist(Number.isInteger(classId));
  return Object.freeze({
    label: textOf(label),
    classId: numberOf(classId, 0, 1_000_000),
    confidence: numberOf(confidence, 0, 1),
    box: Object.freeze(checked),
  });
}

/** @param {unknown} value */
function imageOf(value) {
  insist(typeof value === 'string' && value.length <= IMAGE_MAX_CHARS && IMAGE_URL.test(value));
  return /** @type {string} */ (value);
}

/**
 * Stages are named by the API and may grow in number; what is no number is left out.
 *
 * @param {unknown} value
 * @returns {Readonly<Record<string, number>>}
 */
function timingsOf(value) {
  /** @type {Record<string, number>} */
  const timings = {};
  for (const [stage, ms] of Object.entries(objectOf(value ?? {})).slice(0, TIMINGS_MAX)) {
    if (typeof ms === 'number' && ms >= 0) timings[stage] = ms;
  }
  return Object.freeze(timings);
}

/**
 * @param {unknown} value
 * @param {number} lowest
 * @param {number} highest
 */
function numberOf(value, lowest, highest) {
  insist(typeof value === 'number' && value >= lowest && value <= highest);
  return /** @type {number} */ (value);
}

/** @param {unknown} value */
function textOf(value) {
  insist(typeof value === 'string');
  return /** @type {string} */ (value).slice(0, TEXT_MAX);
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function objectOf(value) {
  insist(typeof value === 'object' && value !== null && !Array.isArray(value));
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {string} body */
function parseJson(body) {
  try {
    return /** @type {unknown} */ (JSON.parse(body));
  } catch (error) {
    throw new ApiProblem('bad-answer', { detail: error instanceof Error ? error.message : '' });
  }
}

/** @param {boolean} holds */
function insist(holds) {
  if (!holds) throw new ApiProblem('bad-answer');
}
