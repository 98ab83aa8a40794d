/** How long it takes until the server gets to a picture, as far as it tells. */

/** @typedef {import('./types.js').Queue} Queue */

const FIRST_MS = 1_000; // most answers are there before
const NEXT_MS = 2_000;

/**
 * Follow the queue while the server has a picture. What is known is how many wait: a picture's own place is at most that,
 * and never gets worse.
 *
 * @param {{
 *   ask: () => Promise<{queue: Queue | null} | null>,
 *   onPlace: (place: number, waitS: number | null) => void,
 *   secondsEach: () => number | null,
 *   signal: AbortSignal,
 * }} parts place 0 is being worked on; secondsEach is how long a picture took last, null when it is not known
 */
export function followQueue({ ask, onPlace, secondsEach, signal }) {
  let place = Infinity;
  let timer = setTimeout(next, FIRST_MS);
  signal.addEventListener('abort', () => clearTimeout(timer));

  async function next() {
    const status = await ask();
    if (signal.aborted) return;
    if (status?.queue) {
      place = Math.min(place, status.queue.waiting);
      onPlace(place, expectedWait(place, status.queue.running, secondsEach()));
    }
    timer = setTimeout(next, NEXT_MS);
  }
}

/**
 * @param {number} place
 * @param {number} running how many are worked on at once
 * @param {number | null} secondsEach
 * @returns {number | null} whole seconds
 */
export function expectedWait(place, running, secondsEach) {
  if (secondsEach === null) return null;
  return Math.max(1, Math.ceil((Math.ceil(place / Math.max(1, running)) + 1) * secondsEach));
}
