/** Checks of an answer's fields: what passes is exactly what the rest of the page may rely on. */

const TEXT_MAX = 200;
const CLASS_ID_MAX = 1_000_000;

/** An answer that makes no sense. `kind` names the text that explains it. */
export class BadAnswer extends Error {
  kind = 'bad-answer';
}

/** @param {boolean} holds */
export function insist(holds) {
  if (!holds) throw new BadAnswer('The answer is not as openapi.yaml has it.');
}

/**
 * @param {unknown} value
 * @param {number} lowest
 * @param {number} highest
 */
export function numberOf(value, lowest, highest) {
  insist(typeof value === 'number' && value >= lowest && value <= highest);
  return /** @type {number} */ (value);
}

/** @param {unknown} value */
export function textOf(value) {
  insist(typeof value === 'string');
  return /** @type {string} */ (value).slice(0, TEXT_MAX);
}

/** @param {unknown} value */
export function classIdOf(value) {
  insist(Number.isInteger(value));
  return numberOf(value, 0, CLASS_ID_MAX);
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
export function objectOf(value) {
  insist(typeof value === 'object' && value !== null && !Array.isArray(value));
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {number} most
 * @returns {readonly unknown[]}
 */
export function listOf(value, most) {
  insist(Array.isArray(value) && value.length <= most);
  return /** @type {unknown[]} */ (value);
}

/**
 * @param {string} body
 * @throws {BadAnswer}
 */
export function parseJson(body) {
  try {
    return /** @type {unknown} */ (JSON.parse(body));
  } catch (error) {
    throw new BadAnswer('The answer is no JSON.', { cause: error });
  }
}
