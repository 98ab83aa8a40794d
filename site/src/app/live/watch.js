/**
 * Watches a camera: asks about the newest frame, one at a time. What the camera shows meanwhile is dropped, never queued. If the
 * server asks for a pause, nothing is sent until it is over.
 */

import { failureOf } from '../failure.js';
import { createPause } from '../pause.js';

/** @typedef {import('../failure.js').Failure} Failure */
/** @typedef {Readonly<Record<string, number>>} Parts what took how long, in milliseconds */

/**
 * @template F, A
 * @param {{
 *   next: (signal: AbortSignal) => Promise<void>,
 *   grab: () => Promise<F | null>,
 *   ask: (frame: F, signal: AbortSignal) => Promise<{answer: A, parts: Parts}>,
 *   paint: (answer: A) => Promise<void>,
 *   onFrame: (figures: {at: number, delayMs: number, parts: Parts}) => void,
 *   onWait: (failure: Failure | null, until: number | null) => void,
 *   isOnline: () => boolean,
 *   now?: () => number,
 * }} parts next: waits for a frame that was not grabbed yet. grab: null if there is none after all. onFrame: what is painted, when, and how old it is by then. onWait: why
 *   nothing is asked, and until when (in milliseconds since 1970); null once it goes on
 */
export function createWatch({ next, grab, ask, paint, onFrame, onWait, isOnline, now = () => performance.now() }) {
  let isOver = () => {};
  /** @type {Failure | null} */
  let failure = null;
  const pause = createPause({
    onChange: (given) => onWait(given ? failure : null, given?.until ?? null),
    onEnd: () => isOver(),
  });

  /** @param {AbortSignal} signal */
  async function frame(signal) {
    const waited = now();
    await next(signal);
    signal.throwIfAborted();
    const began = now();
    const grabbed = await grab();
    if (grabbed === null) return;
    const asked = now();
    const { answer, parts } = await ask(grabbed, signal);
    const painted = now();
    signal.throwIfAborted();
    await paint(answer);
    const at = now();
    onFrame({ at, delayMs: at - began, parts: { wait: began - waited, grab: asked - began, ...parts, paint: at - painted } });
  }

  /**
   * Watch until the signal.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Failure | null>} what ended it, if trying again would not help; null if it was the signal
   */
  return async function watch(signal) {
    signal.addEventListener('abort', () => (pause.drop(), isOver()), { once: true });
    while (!signal.aborted) {
      try {
        await frame(signal);
        pause.reset();
      } catch (error) {
        if (signal.aborted) return null;
        failure = failureOf(error, isOnline());
        const over = new Promise((resolve) => (isOver = () => resolve(undefined)));
        if (failure.kind === 'unexpected') globalThis.reportError(error); // a mistake of the page's own belongs in the console
        if (!pause.begin(failure, 1)) return failure;
        await over;
      }
    }
    return null;
  };
}
