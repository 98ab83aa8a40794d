/** Sends a form, tells how far it is, and gives up when nothing comes or goes any more. */

import { ApiProblem } from './problem.js';

/** @typedef {import('../contract.js').Stage} Stage */

const SILENCE_MS = 30_000; // without a byte sent or received: how long an upload takes does not count
const WORK_MS = 60_000; // the server's turn: it ends hung work itself, after 30 seconds and what waited before
const ANSWER_MAX_BYTES = 32 * 1024 * 1024; // a large picture and its boxes; more could only stop the page

/**
 * XMLHttpRequest, because fetch does not tell how much of a body has gone out. Listening to that costs a
 * preflight, which a browser keeps for a while, and without it neither the visitor nor the limit could know of silence.
 *
 * @param {string} url
 * @param {FormData} form
 * @param {{signal: AbortSignal, onStage: (stage: Stage) => void, proof?: string}} options proof: of work that the API asked for
 * @returns {Promise<{status: number, body: string, retryAfter: string | null}>}
 */
export function post(url, form, { signal, onStage, proof }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @param {number} limitMs */
    const expectMore = (limitMs) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        reject(new ApiProblem('timeout'));
        request.abort();
      }, limitMs);
    };
    signal.addEventListener('abort', abort, { once: true });
    request.addEventListener('loadend', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    });
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      expectMore(SILENCE_MS);
      onStage({ name: 'sending', fraction: total > 0 ? loaded / total : 0 });
    });
    request.upload.addEventListener('load', () => {
      expectMore(WORK_MS);
      onStage({ name: 'working' });
    });
    request.addEventListener('progress', ({ loaded }) => {
      expectMore(SILENCE_MS);
      onStage({ name: 'receiving' });
      if (loaded <= ANSWER_MAX_BYTES) return;
      reject(new ApiProblem('bad-answer'));
      request.abort();
    });
    request.addEventListener('load', () => {
      if (isElsewhere(request.responseURL, url)) reject(new ApiProblem('bad-answer'));
      resolve({ status: request.status, body: request.responseText, retryAfter: retryAfterOf(request) });
    });
    request.addEventListener('error', () => reject(new ApiProblem('unreachable')));
    request.addEventListener('abort', () => reject(signal.reason));
    request.open('POST', url);
    if (proof) request.setRequestHeader('X-Altcha', proof);
    expectMore(SILENCE_MS);
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
