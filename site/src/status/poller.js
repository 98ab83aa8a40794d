/**
 * Keeps the status light true: asks at the start, then at an interval, and at once when told to.
 */

/** @typedef {import('../types.js').ServerStatus} ServerStatus */

const INTERVAL_MS = 30_000;

/**
 * @typedef {ReturnType<typeof createPoller>} Poller
 */

/**
 * @param {{
 *   ask: () => Promise<ServerStatus>,
 *   isWatched: () => boolean,
 *   onStatus: (status: ServerStatus) => void,
 *   intervalMs?: number,
 * }} parts isWatched tells whether anybody looks at the page: nobody needs the light of a hidden tab
 */
export function createPoller({ ask, isWatched, onStatus, intervalMs = INTERVAL_MS }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let latest = 0;
  let model = '';

  /** Ask now. When answers overtake each other, the one to the newest question counts. */
  async function check() {
    const question = ++latest;
    const status = await answerOrOffline();
    if (question !== latest) return;
    model = status.model || model;
    onStatus(Object.freeze({ light: status.light, model }));
  }

  /** @returns {Promise<ServerStatus>} */
  async function answerOrOffline() {
    try {
      return await ask();
    } catch {
      // Whatever the reason, what the visitor needs to know is the same.
      return { light: 'offline', model: '' };
    }
  }

  return {
    check,

    start() {
      onStatus(Object.freeze({ light: 'connecting', model }));
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
