/** What is known of the folder, and what is to be looked at: values alone. */

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Doubt} Doubt */
/** @typedef {import('./types.js').Pair} Pair */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').View} View */

/**
 * @param {any} json as the program tells it
 * @returns {State}
 */
export function readState({ folder, labels, photographs, run, refused, undo }) {
  const byId = new Map(photographs.map((/** @type {import('./types.js').Photograph} */ one) => [one.id, one]));
  return { folder, labels, photographs: byId, run, refused, undo };
}

/**
 * @param {State} state
 * @param {Answer} answer
 * @returns {State}
 */
export function applied(state, { undone, photographs, pair, undo }) {
  const byId = new Map(state.photographs);
  for (const one of photographs) byId.set(one.id, one);
  const { run } = state;
  if (!run || !pair) return { ...state, photographs: byId, undo };
  const pairs = run.pairs.map((one) => (isSame(one, pair) ? { ...one, kept: !undone } : one));
  return { ...state, photographs: byId, undo, run: { ...run, pairs } };
}

/** What is still to be decided. @param {State} state @returns {Doubt[]} */
export function openDoubts({ run, photographs }) {
  return (run?.doubts ?? []).filter(({ id }) => {
    const one = photographs.get(id);
    return one !== undefined && one.label !== null && !one.kept;
  });
}

/** @param {State} state @returns {Pair[]} */
export function openPairs({ run, photographs }) {
  const isThere = (/** @type {number} */ id) => (photographs.get(id)?.label ?? null) !== null;
  return (run?.pairs ?? []).filter(({ one, other, kept }) => !kept && isThere(one) && isThere(other));
}

/**
 * The photographs of a view, in its order.
 *
 * @param {State} state
 * @param {View} view
 * @param {number | null} label of which alone; null for all
 * @returns {number[]} ids
 */
export function idsOf(state, view, label) {
  const isWanted = (/** @type {number} */ id) => label === null || state.photographs.get(id)?.label === label;
  if (view === 'doubts') return openDoubts(state).map(({ id }) => id).filter(isWanted);
  if (view === 'pairs') return openPairs(state).flatMap(({ one, other }) => [one, other]);
  return [...state.photographs.values()].filter((one) => one.label !== null).map(({ id }) => id).filter(isWanted);
}

/** @param {Pair} pair @param {readonly [number, number]} ids */
function isSame({ one, other }, ids) {
  return ids.includes(one) && ids.includes(other);
}
