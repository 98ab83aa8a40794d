/**
 * When photographs go on that the server turned away, or that found no network. Nothing is sent meanwhile: after as long as
 * the server asks for, else after 2, 4, 8 ... 30 seconds, or as soon as it is back.
 */

/** @typedef {import('./failure.js').Failure} Failure */
/** @typedef {import('../engines/remote/types.js').Light} Light */
/** @typedef {Readonly<{until: number | null}>} Pause until: in milliseconds since 1970; null: until the server is back */

const TURNED_AWAY = Object.freeze(['busy', 'starting', 'too-often']);
const LOST = Object.freeze(['unreachable', 'offline', 'timeout']);
const LOST_MAX = 3; // with a server that answers: then it is this photograph that does not get through
const LONGEST_S = 30;

/**
 * @param {{onChange: (pause: Pause | null) => void, onEnd: () => void, now?: () => number}} parts onEnd: what waits goes on
 */
export function createPause({ onChange, onEnd, now = Date.now }) {
  /** @type {Pause | null} */
  let pause = null;
  /** @type {Light} */
  let light = 'connecting';
  let inARow = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {Pause | null} next */
  function set(next) {
    pause = next;
    clearTimeout(timer);
    onChange(pause);
  }

  function end() {
    if (!pause) return;
    set(null);
    onEnd();
  }

  function onTime() {
    if (light === 'offline') set(Object.freeze({ until: null }));
    else end();
  }

  return {
    isOn: () => pause !== null,
    current: () => pause,

    /**
     * @param {Failure} failure
     * @param {number} tries how often the photograph was tried in a row
     * @returns {boolean} whether it is tried again
     */
    begin({ kind, waitS }, tries) {
      const isLost = LOST.includes(kind) && (tries < LOST_MAX || light === 'offline');
      if (!isLost && !TURNED_AWAY.includes(kind)) return false;
      inARow += 1;
      const waitMs = 1000 * (waitS ?? Math.min(2 ** inARow, LONGEST_S));
      set(Object.freeze({ until: now() + waitMs }));
      timer = setTimeout(onTime, waitMs);
      return true;
    },

    /** An answer has come. */
    reset() {
      inARow = 0;
    },

    /** @param {Light} next */
    lightIs(next) {
      const isBack = light === 'offline' && next !== 'offline';
      light = next;
      if (isBack) end();
    },

    /** Nothing waits any more, or somebody will not. */
    drop() {
      if (pause) set(null);
    },
  };
}
