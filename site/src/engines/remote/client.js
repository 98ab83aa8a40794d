/**
 * The one place that talks to the network.
 */

import { parseAnswer, parseLabels, parseStatus } from './answer.js';
import { ApiProblem, problemFromAnswer } from './problem.js';

/** @typedef {import('../../types.js').Answer} Answer */
/** @typedef {import('../../types.js').PreparedImage} PreparedImage */

const DETECT_LIMIT_MS = 60_000;
const STATUS_LIMIT_MS = 10_000;
const ANSWER_MAX_BYTES = 32 * 1024 * 1024; // a large picture and its boxes; more could only stop the page

/**
 * @typedef {ReturnType<typeof createClient>} Client
 */

/**
 * Make a client of an API.
 *
 * @param {string} address of the API, with or without a slash at its end
 * @param {{detectLimitMs?: number, statusLimitMs?: number}} [limits]
 */
export function createClient(address, { detectLimitMs = DETECT_LIMIT_MS, statusLimitMs = STATUS_LIMIT_MS } = {}) {
  const base = address.replace(/\/*$/, '/');

  return {
    /**
     * Ask what is in an image.
     *
     * @param {PreparedImage} image
     * @param {{signal: AbortSignal, onUploaded: (fraction: number) => void}} options the fraction is of bytes, 0..1
     * @returns {Promise<Answer>}
     * @throws {ApiProblem | DOMException} the latter when the signal aborts
     */
    async detect(image, options) {
      const form = formOf(image, { annotate: 'true', candidates: 'true' });
      const { status, body, retryAfter } = await post(base, form, detectLimitMs, options);
      if (status !== 200) throw problemFromAnswer(status, body, retryAfter);
      return parseAnswer(body);
    },

    /**
     * Ask for the picture without boxes, where the browser cannot read the photograph itself.
     *
     * @param {PreparedImage} image
     * @returns {Promise<string>} a data URL
     * @throws {ApiProblem}
     */
    async picture(image) {
      const form = formOf(image, { annotate: 'true', confidence: '1', max_detections: '1' });
      const options = { signal: new AbortController().signal, onUploaded: () => {} };
      const { status, body, retryAfter } = await post(base, form, detectLimitMs, options);
      if (status !== 200) throw problemFromAnswer(status, body, retryAfter);
      return parseAnswer(body).image;
    },

    /**
     * Ask how the API is.
     *
     * @returns {Promise<import('../../types.js').ServerAnswer>}
     * @throws {ApiProblem}
     */
    async status() {
      const { status, body } = await get(`${base}status_check`, statusLimitMs);
      if (status !== 200) throw problemFromAnswer(status, body, null);
      return parseStatus(body);
    },

    /**
     * Ask what the model's classes are called.
     *
     * @returns {Promise<readonly import('../../types.js').Class[]>}
     * @throws {ApiProblem}
     */
    async labels() {
      const { status, body } = await get(`${base}v1/labels`, statusLimitMs);
      if (status !== 200) throw problemFromAnswer(status, body, null);
      return parseLabels(body);
    },
  };
}

/**
 * Load one of the page's own photographs.
 *
 * @param {string} url
 * @param {string} name
 * @param {AbortSignal} signal
 * @returns {Promise<File>}
 * @throws {ApiProblem | DOMException} the latter when the signal aborts
 */
export async function loadExample(url, name, signal) {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new ApiProblem('unreachable');
    const blob = await response.blob();
    return new File([blob], name, { type: blob.type });
  } catch (error) {
    signal.throwIfAborted();
    throw asUnreachable(error);
  }
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
 * @param {{signal: AbortSignal, onUploaded: (fraction: number) => void}} options
 * @returns {Promise<{status: number, body: string, retryAfter: string | null}>}
 */
function post(url, form, limitMs, { signal, onUploaded }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.upload.addEventListener('progress', ({ loaded, total }) => onUploaded(total > 0 ? loaded / total : 0));
    request.upload.addEventListener('load', () => onUploaded(1));
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
