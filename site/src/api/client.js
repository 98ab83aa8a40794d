/**
 * The one place that talks to the network.
 */

import { parseAnswer, parseStatus } from './answer.js';
import { ApiProblem, problemFromAnswer } from './problem.js';

/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').PreparedImage} PreparedImage */
/** @typedef {import('../types.js').ServerStatus} ServerStatus */

const DETECT_LIMIT_MS = 60_000;
const STATUS_LIMIT_MS = 10_000;

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
      const { status, body, retryAfter } = await post(base, formOf(image), detectLimitMs, options);
      if (status !== 200) throw problemFromAnswer(status, body, retryAfter);
      return parseAnswer(body);
    },

    /**
     * Ask how the API is.
     *
     * @returns {Promise<ServerStatus>}
     * @throws {ApiProblem}
     */
    async status() {
      const { status, body } = await get(`${base}status_check`, statusLimitMs);
      if (status !== 200) throw problemFromAnswer(status, body, null);
      return parseStatus(body);
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

/** @param {PreparedImage} image */
function formOf({ file, upright }) {
  const form = new FormData();
  form.append('file', file);
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
    request.addEventListener('load', () => {
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
    const response = await fetch(url, { signal: limit.signal, cache: 'no-store', credentials: 'omit' });
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
