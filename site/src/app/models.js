/** Which model is asked: the first that the engine has, or the one that the visitor or the page's address names. */

/** @typedef {import('../engines/contract.js').Engine} Engine */
/** @typedef {import('../engines/contract.js').Model} Model */

/**
 * @param {{
 *   engine: () => Engine,
 *   tasks: readonly import('../tasks/contract.js').AnyTask[],
 *   wanted: () => string,
 *   show: (models: readonly Model[], current: string) => void,
 * }} parts wanted: the name that the visitor chose, '' for none. show: those that can be chosen, none where there is no choice
 */
export function createModels({ engine, tasks, wanted, show }) {
  /** @type {{of: Engine, models: readonly Model[]} | null} */
  let known = null;

  /** @returns {Promise<readonly Model[]>} none where they cannot be had now, or only one is there */
  async function load() {
    const of = engine();
    if (known?.of !== of) {
      const models = await of.models?.().catch(() => null);
      if (models === null) return [];
      known = { of, models: (models ?? []).filter(({ task }) => tasks.some(({ id }) => id === task)) };
    }
    showAll();
    return known.models;
  }

  function showAll() {
    const models = known && known.models.length > 1 ? known.models : [];
    show(models, nameIn(models) ?? models[0]?.name ?? '');
  }

  /** @param {readonly Model[]} models */
  function nameIn(models) {
    return models.find(({ name }) => name === wanted())?.name ?? null;
  }

  return {
    load,
    refresh: showAll,

    /** What a picture's request names, null for the engine's own first one. A name that it does not have is passed over. */
    async current() {
      return wanted() === '' ? null : nameIn(await load());
    },
  };
}
