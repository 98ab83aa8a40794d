/**
 * What happens when: from a file to a result, one picture at a time. Knows the parts only by what they can do.
 *
 * Every request has a number; what comes back under an older number than the newest is dropped.
 */

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').PreparedImage} PreparedImage */

/**
 * @typedef {(signal: AbortSignal) => File | Promise<File>} Source where a picture comes from
 *
 * @typedef {Readonly<{kind: string, detail: string, requestId: string, waitS: number | null}>} Failure
 *
 * @typedef {{
 *   showEmpty: () => void,
 *   showOpening: () => void,
 *   showPicture: (image: PreparedImage) => void,
 *   showUploaded: (fraction: number) => void,
 *   loadResult: (answer: Answer) => Promise<void>,
 *   showResult: (answer: Answer) => void,
 *   showFailure: (failure: Failure) => void,
 * }} Page loadResult makes the picture ready without showing it, and rejects when it is none
 *
 * @typedef {{
 *   prepare: (file: File, signal: AbortSignal) => Promise<PreparedImage>,
 *   detect: (image: PreparedImage, options: {signal: AbortSignal, onUploaded: (fraction: number) => void}) =>
 *     Promise<Answer>,
 *   page: Page,
 *   checkStatus: () => void,
 *   isOnline: () => boolean,
 * }} Parts
 */

/**
 * @param {Parts} parts
 */
export function createController({ prepare, detect, page, checkStatus, isOnline }) {
  let newest = 0;
  let running = new AbortController();
  /** @type {Source | null} */
  let source = null;
  /** @type {PreparedImage | null} */
  let prepared = null;

  /** Give up what runs, and number what comes next. */
  function begin() {
    running.abort();
    running = new AbortController();
    newest += 1;
    return { number: newest, signal: running.signal };
  }

  async function run() {
    const { number, signal } = begin();
    const isNewest = () => number === newest;
    try {
      const image = await imageOf(signal);
      if (!isNewest()) return;
      prepared = image;
      page.showPicture(image);
      const answer = await detect(image, {
        signal,
        onUploaded: (fraction) => isNewest() && page.showUploaded(fraction),
      });
      if (!isNewest()) return;
      await page.loadResult(answer);
      if (isNewest()) page.showResult(answer);
    } catch (error) {
      if (isNewest()) fail(error);
    }
  }

  /**
   * A retry sends what is prepared already.
   *
   * @param {AbortSignal} signal
   */
  async function imageOf(signal) {
    if (prepared) return prepared;
    page.showOpening();
    return prepare(await /** @type {Source} */ (source)(signal), signal);
  }

  /** @param {unknown} error */
  function fail(error) {
    const failure = failureOf(error, isOnline());
    page.showFailure(failure);
    checkStatus();
    if (failure.kind === 'unexpected') throw error; // a mistake of the page's own belongs in the console
  }

  return {
    /**
     * Work on a picture, in place of any other.
     *
     * @param {Source} next
     */
    start(next) {
      source = next;
      prepared = null;
      return run();
    },

    /** Work on the same picture again. */
    async retry() {
      if (source) await run();
    },

    /** Give up the picture; also what cancelling means. */
    reset() {
      begin();
      source = null;
      prepared = null;
      page.showEmpty();
    },
  };
}

/**
 * Name what went wrong. The parts throw errors that have a `kind`; anything else is a mistake of the page.
 *
 * @param {unknown} error
 * @param {boolean} online whether the browser believes to have a network
 * @returns {Failure}
 */
function failureOf(error, online) {
  const { kind, detail, requestId, retryAfterS } = /** @type {Record<string, unknown>} */ (error ?? {});
  return Object.freeze({
    kind: kind === 'unreachable' && !online ? 'offline' : typeof kind === 'string' ? kind : 'unexpected',
    detail: typeof detail === 'string' ? detail : '',
    requestId: typeof requestId === 'string' ? requestId : '',
    waitS: typeof retryAfterS === 'number' ? retryAfterS : null,
  });
}
