/** How quick the live camera is: frames a second, how old what is painted is, and where the time went. */

/** @typedef {import('./watch.js').Parts} Parts */
/** @typedef {Readonly<{at: number, delayMs: number, parts: Parts}>} Painted */
/** @typedef {Readonly<{rate: number, delayMs: number, parts: Parts}>} Figures rate: frames a second; the others are means */

const SPAN_MS = 3000;

export function createFigures() {
  /** @type {Painted[]} of the last seconds, and one before them if there is nothing newer */
  let recent = [];

  return {
    /** @param {Painted} painted */
    add(painted) {
      recent = [...recent.filter(({ at }) => painted.at - at <= SPAN_MS), painted];
    },

    /** It stood still: what was before says nothing of what comes. */
    forget: () => void (recent = []),

    /** @returns {Figures | null} null before there are two frames */
    now() {
      const [first, last] = [recent[0], recent.at(-1)];
      if (!first || !last || first === last) return null;
      const names = new Set(recent.flatMap(({ parts }) => Object.keys(parts)));
      const parts = [...names].map((name) => [name, mean(recent.map((one) => one.parts[name] ?? 0))]);
      return {
        rate: (1000 * (recent.length - 1)) / (last.at - first.at),
        delayMs: mean(recent.map(({ delayMs }) => delayMs)),
        parts: Object.fromEntries(parts),
      };
    },
  };
}

/** @param {readonly number[]} values at least one */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
