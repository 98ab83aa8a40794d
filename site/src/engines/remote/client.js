/** What the page asks the API; with post.js the one place that talks to the network. */

import { parseEnvelope, parseLabels, parseStatus } from './envelope.js';
import { post } from './post.js';
import { ApiProblem, problemFromAnswer } from './problem.js';

/** @typedef {import('../contract.js').Engine} Engine */
/** @typedef {import('../../media/types.js').PreparedImage} PreparedImage */

/** @type {Readonly<Record<string, string>>} */
const VERBS = Object.freeze({ detection: 'detect', classification: 'classify', segmentation: 'segment', reading: 'read' });
const STATUS_LIMIT_MS = 10_000;

/**
 * @typedef {ReturnType<typeof createClient>} Client
 */

/**
 * Make a client of an API.
 *
 * @param {string} address of the API, with or without a slash at its end
 * @param {{statusLimitMs?: number, send?: typeof post}} [how]
 */
export function createClient(address, { statusLimitMs = STATUS_LIMIT_MS, send = post } = {}) {
  const base = address.replace(/\/*$/, '/');

  const client = {
    /**
     * Ask what is in an image.
     *
     * @type {Engine['run']}
     * @throws {ApiProblem | DOMException} the latter when the signal aborts
     */
    async run(image, { task, model, fields, signal, onStage }) {
      if (!('file' in image)) throw new TypeError('The server takes files.');
      const form = formOf(image, { annotate: 'true', ...(model ? { model } : {}), ...fields });
      const address = base + (task ? pathOf(task) : '');
      const { status, body, retryAfter } = await send(address, form, { signal, onStage }).catch(explain);
      if (status !== 200) throw problemFromAnswer(status, body, retryAfter);
      return parseEnvelope(body);
    },

    /**
     * Ask for the picture without boxes, where the browser cannot read the photograph itself.
     *
     * @param {PreparedImage} image
     * @param {AbortSignal} signal
     * @returns {Promise<string>} a data URL
     * @throws {ApiProblem | DOMException} the latter when the signal aborts
     */
    async plainPicture(image, signal) {
      const form = formOf(image, { annotate: 'true', confidence: '1', max_detections: '1' });
      const { status, body, retryAfter } = await send(base, form, { signal, onStage: () => {} });
      if (status !== 200) throw problemFromAnswer(status, body, retryAfter);
      const { image: picture } = parseEnvelope(body);
      if (picture === null) throw new ApiProblem('bad-answer');
      return picture;
    },

    /**
     * Ask how the API is.
     *
     * @returns {Promise<import('./types.js').ServerAnswer>}
     * @throws {ApiProblem}
     */
    async status() {
      const { status, body } = await get(`${base}status_check`, statusLimitMs).catch(explainSilence);
      if (status !== 200) throw problemFromAnswer(status, body, null);
      return parseStatus(body);
    },

    /**
     * Ask which models there are.
     *
     * @returns {Promise<readonly import('../contract.js').Model[]>} those that can be asked, the first one first
     * @throws {ApiProblem}
     */
    async models() {
      const { status, body } = await get(`${base}v1/models`, statusLimitMs);
      if (status !== 200) throw problemFromAnswer(status, body, null);
      return (await import('./cards.js')).parseModels(body);
    },

    /**
     * Ask what a model's classes are called.
     *
     * @param {string} model
     * @returns {Promise<readonly string[]>} by the classes' numbers
     * @throws {ApiProblem}
     */
    async labels(model) {
      const { status, body } = await get(`${base}v1/labels?${new URLSearchParams({ model })}`, statusLimitMs);
      if (status !== 200) throw problemFromAnswer(status, body, null);
      return parseLabels(body);
    },
  };
  return client;

  /**
   * A browser does not say why a form got no answer. What the page may read of the server's light tells whether it turns
   * this page away.
   *
   * @param {unknown} error
   * @returns {Promise<never>}
   */
  async function explain(error) {
    if (!(error instanceof ApiProblem) || error.kind !== 'unreachable') throw error;
    await client.status().catch((/** @type {unknown} */ reason) => {
      if (reason instanceof ApiProblem && ['forbidden', 'unreadable'].includes(reason.kind)) throw reason;
    });
    throw error;
  }

  /**
   * Somebody is there whose answers this page may not read, if an answer that nobody reads comes all the same.
   *
   * @param {unknown} error
   * @returns {Promise<never>}
   */
  async function explainSilence(error) {
    if (isOfThisSite(base)) throw error;
    const isThere = await isAnswering(`${base}status_check`, statusLimitMs);
    throw isThere ? new ApiProblem('unreadable') : error;
  }
}

/**
 * The route of a task, which is named by what it does.
 *
 * @param {string} task
 */
function pathOf(task) {
  return `v1/${VERBS[task] ?? task}`;
}

/**
 * @param {PreparedImage} image
 * @param {Readonly<Record<string, string>>} fields
 */
function formOf({ file, upright }, fields) {
  const form = new FormData();
  form.append('file', file);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (upright) form.append('orientation', '1');
  return form;
}

/**
 * @param {string} url
 * @param {number} limitMs
 * @returns {Promise<{status: number, body: string}>}
 */
async function get(url, limitMs) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    const response = await fetch(url, { signal: limit.signal, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw asUnreachable(error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether anybody answers at an address, though the page may not read what.
 *
 * @param {string} url
 * @param {number} limitMs
 */
async function isAnswering(url, limitMs) {
  const signal = AbortSignal.timeout(limitMs);
  const answer = fetch(url, { signal, mode: 'no-cors', cache: 'no-store', credentials: 'omit' });
  return answer.then(() => true, () => false);
}

/** @param {string} url */
function isOfThisSite(url) {
  return !globalThis.location || new URL(url).origin === globalThis.location.origin;
}

/** @param {unknown} error what fetch rejects with: a TypeError, or a DOMException when the limit has passed */
function asUnreachable(error) {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem('unreachable', { detail: error instanceof Error ? error.message : '' });
}
