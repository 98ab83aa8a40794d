/**
 * The one place that talks to the network.
 */

import { parseEnvelope, parseLabels, parseModels, parseStatus } from './envelope.js';
import { ApiProblem, problemFromAnswer } from './problem.js';

/** @typedef {import('../contract.js').Engine} Engine */
/** @typedef {import('../contract.js').Stage} Stage */
/** @typedef {import('../../media/types.js').PreparedImage} PreparedImage */

const RUN_LIMIT_MS = 60_000;
/** @type {Readonly<Record<string, string>>} */
const VERBS = Object.freeze({ detection: 'detect', classification: 'classify', segmentation: 'segment', reading: 'read' });
const STATUS_LIMIT_MS = 10_000;
const ANSWER_MAX_BYTES = 32 * 1024 * 1024; // a large picture and its boxes; more could only stop the page

/**
 * @typedef {ReturnType<typeof createClient>} Client
 */

/**
 * Make a client of an API.
 *
 * @param {string} address of the API, with or without a slash at its end
 * @param {{runLimitMs?: number, statusLimitMs?: number}} [limits]
 */
export function createClient(address, { runLimitMs = RUN_LIMIT_MS, statusLimitMs = STATUS_LIMIT_MS } = {}) {
  const base = address.replace(/\/*$/, '/');

  return {
    /**
     * Ask what is in an image.
     *
     * @type {Engine['run']}
     * @throws {ApiProblem | DOMException} the latter when the signal aborts
     */
    async run(image, { task, model, fields, signal, onStage }) {
      const form = formOf(image, { annotate: 'true', ...(model ? { model } : {}), ...fields });
      const address = base + (task ? pathOf(task) : '');
      const { status, body, retryAfter } = await post(address, form, runLimitMs, { signal, onStage });
      if (status !== 200) throw problemFromAnswer(status, body, retryAfter);
      return parseEnvelope(body);
    },

    /**
     * Ask for the picture without boxes, where the browser cannot read the photograph itself.
     *
     * @param {PreparedImage} image
     * @returns {Promise<string>} a data URL
     * @throws {ApiProblem}
     */
    async plainPicture(image) {
      const form = formOf(image, { annotate: 'true', confidence: '1', max_detections: '1' });
      const options = { signal: new AbortController().signal, onStage: () => {} };
      const { status, body, retryAfter } = await post(base, form, runLimitMs, options);
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
      const { status, body } = await get(`${base}status_check`, statusLimitMs);
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
      return parseModels(body);
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
 * Send a form. XMLHttpRequest, because fetch does not tell how much of a body has gone out.
 *
 * @param {string} url
 * @param {FormData} form
 * @param {number} limitMs
 * @param {{signal: AbortSignal, onStage: (stage: Stage) => void}} options
 * @returns {Promise<{status: number, body: string, retryAfter: string | null}>}
 */
function post(url, form, limitMs, { signal, onStage }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      onStage({ name: 'sending', fraction: total > 0 ? loaded / total : 0 });
    });
    request.upload.addEventListener('load', () => onStage({ name: 'working' }));
    request.addEventListener('progress', ({ loaded }) => {
      if (loaded <= ANSWER_MAX_BYTES) return;
      reject(new ApiProblem('bad-answer'));
      request.abort();
    });
    request.addEventListener('load', () => {
      if (isElsewhere(request.responseURL, url)) reject(new ApiProblem('bad-answer'));
      resolve({ status: request.status, body: request.responseText, retryAfter: retryAfterOf(request) });
    });
    request.addEventListener('error', () => reject(new ApiProblem('unreachable')));
    request.addEventListener('timeout', () => reject(new ApiProblem('timeout')));
    request.addEventListener('abort', () => reject(signal.reason));
    request.open('POST', url);
    request.timeout = limitMs;
    onStage({ name: 'sending', fraction: 0 });
    request.send(form);
  });
}

/**
 * XMLHttpRequest follows redirects, and nobody but the API may say what was found.
 *
 * @param {string | undefined} answered
 * @param {string} asked
 */
function isElsewhere(answered, asked) {
  return Boolean(answered) && new URL(/** @type {string} */ (answered)).href !== new URL(asked).href;
}

/**
 * Asking for one header that the API does not expose to the page logs an error; the list of those exposed does not.
 *
 * @param {XMLHttpRequest} request
 */
function retryAfterOf(request) {
  return /^retry-after:(.*)$/im.exec(request.getAllResponseHeaders() ?? '')?.[1]?.trim() ?? null;
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

/** @param {unknown} error what fetch rejects with: a TypeError, or a DOMException when the limit has passed */
function asUnreachable(error) {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem('unreachable', { detail: error instanceof Error ? error.message : '' });
}
