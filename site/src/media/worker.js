/**
 * The worker: does jobs for the page, several at a time, and answers each under the number that it came with.
 *
 * In: `{id, kind, input}`, or `{id, cancel: true}`. Out: `{id, output}` or `{id, problem}`.
 */

import { jobs } from './jobs.js';

/**
 * @typedef {Readonly<{id: number, kind?: string, input?: unknown, cancel?: boolean}>} Order
 * @typedef {Readonly<{name: string, message: string, kind: string}>} Problem
 */

/** @type {Map<number, AbortController>} */
const running = new Map();

self.addEventListener('message', (event) => {
  const { id, kind = '', input, cancel } = /** @type {Order} */ (event.data);
  if (cancel) running.get(id)?.abort();
  else void work(id, kind, input);
});

/**
 * @param {number} id
 * @param {string} kind
 * @param {unknown} input
 */
async function work(id, kind, input) {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const job = new Map(Object.entries(jobs)).get(kind);
    if (!job) throw new TypeError(`there is no job named ${kind}`);
    self.postMessage({ id, output: await job(/** @type {any} */ (input), controller.signal) });
  } catch (error) {
    self.postMessage({ id, problem: problemOf(error) });
  } finally {
    running.delete(id);
  }
}

/**
 * What of an error can travel: a class of its own arrives as a plain one.
 *
 * @param {unknown} error
 * @returns {Problem}
 */
function problemOf(error) {
  const { name, message, kind } = /** @type {Record<string, unknown>} */ (error ?? {});
  return { name: String(name ?? 'Error'), message: String(message ?? ''), kind: typeof kind === 'string' ? kind : '' };
}
