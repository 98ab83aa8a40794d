/**
 * The worker: prepares photographs off the main thread, several at a time, and answers each under the number that it came
 * with.
 *
 * In: `{id, file}`, or `{id, cancel: true}`. Out: `{id, output}` or `{id, problem}`.
 */

import { prepareImage } from './prepare.js';

/**
 * @typedef {Readonly<{id: number, file?: File, cancel?: boolean}>} Order
 * @typedef {Readonly<{name: string, message: string, kind: string}>} Problem
 */

/** @type {Map<number, AbortController>} */
const running = new Map();

self.addEventListener('message', (event) => {
  const { id, file } = /** @type {Order} */ (event.data);
  if (file) void work(id, file);
  else running.get(id)?.abort();
});

/**
 * @param {number} id
 * @param {File} file
 */
async function work(id, file) {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    self.postMessage({ id, output: await prepareImage(file, controller.signal) });
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
