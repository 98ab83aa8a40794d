/**
 * Which model is asked: the first that the engine has, or of the task that the address names, or the one that the visitor
 * chose. Loaded when a model is named, or when there is nothing else to do.
 */

/** @typedef {import('../engines/contract.js').Engine} Engine */
/** @typedef {import('../engines/contract.js').Model} Model */
/** @typedef {Readonly<{model: string, task: string}>} Named '' for none */
/** @typedef {Readonly<{models: readonly Model[], current: string, doors: readonly string[], task: string}>} Offer */

/**
 * @param {{
 *   engine: () => Engine,
 *   tasks: readonly import('../tasks/contract.js').AnyTask[],
 *   named: () => Named,
 *   show: (offer: Offer) => void,
 * }} parts named: what the visitor or the address names. show: the models that can be chosen, none if there is no choice, and
 *   the doors that lead to them, none if all are of one task
 */
export function createModels({ engine, tasks, named, show }) {
  /** @type {{of: Engine, models: readonly Model[]} | null} */
  let known = null;

  /** @returns {Promise<readonly Model[]>} none if they cannot be had now, or only one is there */
  async function load() {
    const of = engine();
    if (known?.of !== of) {
      const models = await of.models?.().catch(() => null);
      if (models === null) return [];
      known = { of, models: (models ?? []).filter(({ task }) => tasks.some(({ id }) => id === task)) };
    }
    showAll();
    return ordered();
  }

  /** @param {Model} one */
  const doorOf = ({ task, door = task }) => door;

  /** Those of the task that is named come first. @param {string} [task] */
  function ordered(task = named().task) {
    const models = known?.models ?? [];
    const isOfTask = (/** @type {Model} */ one) => doorOf(one) === task;
    return [...models.filter(isOfTask), ...models.filter((one) => !isOfTask(one))];
  }

  function showAll() {
    const all = ordered();
    const models = all.length > 1 ? all : [];
    const doors = [...new Set(known?.models.map(doorOf))];
    show({ models, current: currentIn(models)?.name ?? '', doors: doors.length > 1 ? doors : [], task: named().task });
  }

  /** @param {readonly Model[]} models */
  function currentIn(models) {
    return models.find(({ name }) => name === named().model) ?? models[0];
  }

  return {
    load,
    refresh: showAll,

    /** What a picture's request names, null for the engine's own first one. A name that it does not have is passed over. */
    async current() {
      const models = await load();
      const current = currentIn(models);
      return !current || current === known?.models[0] ? null : current.name;
    },

    /** What is known of a model, null if nothing is. @param {string} name */
    async card(name) {
      await load();
      return known?.models.find((one) => one.name === name) ?? null;
    },

    /** The others that do the same. @param {string} name @returns {readonly string[]} */
    like(name) {
      const all = known?.models ?? [];
      const asked = all.find((one) => one.name === name);
      return all.filter((one) => asked && doorOf(one) === doorOf(asked) && one !== asked).map((one) => one.name);
    },

    /** What the address says if a model is chosen: the first one needs no name. @param {string} name @returns {Named} */
    naming(name) {
      const chosen = known?.models.find((one) => one.name === name);
      const task = chosen && doorOf(chosen) === named().task ? named().task : '';
      return { task, model: ordered(task)[0]?.name === name ? '' : name };
    },
  };
}
