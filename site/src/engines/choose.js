/** Which engine computes: the first that the owner lets, or the one that the visitor chose. */

/** @typedef {import('./contract.js').Engine} Engine */

/**
 * @param {readonly Engine[]} known
 * @param {readonly string[] | undefined} allowed ids in the order of preference; all of them where the owner says nothing
 */
export function createEngineChoice(known, allowed) {
  const all = allowed ? allowed.flatMap((id) => known.find((engine) => engine.id === id) ?? []) : known;
  let current = /** @type {Engine} */ (all[0] ?? known[0]);

  return {
    all,
    current: () => current,

    /** @param {string} id */
    choose(id) {
      current = all.find((engine) => engine.id === id) ?? current;
    },

    /** @param {string} id */
    byId: (id) => known.find((engine) => engine.id === id) ?? current,
  };
}
