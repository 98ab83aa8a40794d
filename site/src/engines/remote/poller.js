/**
 * Keeps the status light true: asks at the start, then at an interval, sooner while nobody answers, and at once when told to.
 */

/** @typedef {import('./types.js').ServerAnswer} ServerAnswer */
/** @typedef {import('./types.js').ServerStatus} ServerStatus */

const INTERVAL_MS = 30_000;
const FIRST_MS = 2_000; // after the light has gone out; then twice as long each time

/**
 * @typedef {ReturnType<typeof createPoller>} Poller
 */

/**
 * @param {{
 *   ask: () => Promise<ServerAnswer>,
 *   isWatched: () => boolean,
 *   onStatus: (status: ServerStatus) => void,
 *   now?: () => number,
 * }} parts isWatched tells whether the light is of use to anybody: a hidden tab needs none
 */
export function createPoller({ ask, isWatched, onStatus, now = Date.now }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isStarted = false;
  let misses = 0; // in a row
  let latest = 0;
  let model = '';

  /**
   * Ask now. When answers overtake each other, the one to the newest question counts.
   *
   * @returns {Promise<ServerStatus | null>} null when it was overtaken
   */
  async function check() {
    const question = ++latest;
    const status = await statusNow();
    if (question !== latest) return null;
    model = status.model || model;
    const told = Object.freeze({ ...status, model, checkedAt: now() });
    misses = status.light === 'offline' ? misses + 1 : 0;
    schedule();
    onStatus(told);
    return told;
  }

  function schedule() {
    clearTimeout(timer);
    if (!isStarted) return;
    timer = setTimeout(() => {
      if (isWatched()) void check();
      else schedule();
    }, misses > 0 ? Math.min(FIRST_MS * 2 ** (misses - 1), INTERVAL_MS) : INTERVAL_MS);
  }

  async function statusNow() {
    try {
      return { ...(await ask()), reason: '' };
    } catch (error) {
      // Whatever the reason, the light is out; the reason is told beside it.
      const { kind } = /** @type {{kind?: unknown}} */ (error ?? {});
      const reason = typeof kind === 'string' ? kind : 'unexpected';
      return { light: /** @type {const} */ ('offline'), model: '', queue: null, reason };
    }
  }

  return {
    check,

    start() {
      onStatus(Object.freeze({ light: 'connecting', model, queue: null, reason: '', checkedAt: null }));
      isStarted = true;
      return check();
    },

    stop() {
      isStarted = false;
      clearTimeout(timer);
      latest += 1;
    },
  };
}
