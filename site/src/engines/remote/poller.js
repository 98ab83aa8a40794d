/**
 * Keeps the status light true: asks at the start, then at an interval, and at once when told to.
 */

/** @typedef {import('./types.js').ServerAnswer} ServerAnswer */
/** @typedef {import('./types.js').ServerStatus} ServerStatus */

const INTERVAL_MS = 30_000;

/**
 * @typedef {ReturnType<typeof createPoller>} Poller
 */

/**
 * @param {{
 *   ask: () => Promise<ServerAnswer>,
 *   isWatched: () => boolean,
 *   onStatus: (status: ServerStatus) => void,
 *   intervalMs?: number,
 *   now?: () => number,
 * }} parts isWatched tells whether anybody looks at the page: nobody needs the light of a hidden tab
 */
export function createPoller({ ask, isWatched, onStatus, intervalMs = INTERVAL_MS, now = Date.now }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
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
    onStatus(told);
    return told;
  }

  async function statusNow() {
    try {
      const { light, model: name, queue } = await ask();
      return { light, model: name, queue, reason: '' };
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
      timer = setInterval(() => {
        if (isWatched()) void check();
      }, intervalMs);
      return check();
    },

    stop() {
      clearInterval(timer);
      latest += 1;
    },
  };
}
