/**
 * What the visitor has chosen to see: of each model of each task, and of the page itself. It comes from the address, else from
 * the last visit, else from the owner (site.json), and is kept in the first two. Nothing in an address is believed.
 */

/** @typedef {import('../tasks/contract.js').AnyTask} AnyTask */

/**
 * @typedef {Readonly<{asServerDrew: boolean, example: string, model: string, task: string, job: string}>} PageChoice asServerDrew: show the
 *   picture that the server drew. example: the file name of the example that is looked at, or ''. model: the name of the one
 *   that is asked, '' for the first, of the task if one is named; job: the id of the video that is looked at
 *
 * @typedef {Readonly<{task: AnyTask, model: string}>} Shelf what a choice belongs to
 */

const KEY = 'view';
const ADDRESS_MAX_CHARS = 8192;
const NAME_MAX_CHARS = 200;
const PAGES = ['drawn', 'example', 'model', 'task', 'job']; // what of the address is no task's
const EXAMPLE = /^[\p{L}\p{N}_][\p{L}\p{N}_. ()-]{0,79}$/u;

/**
 * @param {{
 *   start: Readonly<{example?: string}> & Readonly<Record<string, unknown>>,
 *   address: {readAddress: () => string, writeAddress: (fragment: string) => void},
 *   preferences: {recall: (key: string) => string | null, remember: (key: string, value: string | null) => void},
 * }} parts start: the owner's, by the names that the address has for them
 */
export function createChoices({ start, address, preferences }) {
  const owners = new URLSearchParams();
  for (const [key, value] of Object.entries(start)) for (const one of [value].flat()) owners.append(key, String(one));
  /** @type {Map<string, {shelf: Shelf, choice: any}>} */
  const byShelf = new Map();
  /** What the server answers with, unless it is asked for something else. @type {Readonly<Record<string, unknown>>} */
  let told = {};
  /** What the address said when it came: it is for the first answer. @type {URLSearchParams | null} */
  let arrived = null;
  /** @type {PageChoice} */
  let page;

  /** @param {Shelf} shelf */
  const keyOf = ({ task, model }) => `${KEY}.${task.id}.${model}`;
  /** @param {AnyTask} task */
  const defaultsOf = (task) => task.choice.told?.(told) ?? task.choice.defaults;
  /** @param {AnyTask} task */
  const startOf = (task) => task.choice.read(owners, defaultsOf(task));

  /** @param {Shelf} shelf @param {any} choice */
  const put = (shelf, choice) => void byShelf.set(keyOf(shelf), { shelf, choice });
  /** What of a choice differs from where it began. @param {Shelf} shelf */
  const written = (shelf) => shelf.task.choice.write(choices.of(shelf), startOf(shelf.task));

  function load() {
    const said = valuesOf(address.readAddress());
    const values = said.size > 0 ? said : valuesOf(preferences.recall(KEY) ?? '');
    const nameOf = (/** @type {string} */ key) => (values.get(key) ?? '').slice(0, NAME_MAX_CHARS);
    arrived = said.size > 0 ? said : null;
    byShelf.clear();
    page = Object.freeze({
      asServerDrew: values.get('drawn') === 'server',
      example: exampleOf(values.get('example')) ?? start.example ?? '',
      model: nameOf('model'),
      task: nameOf('task'),
      job: nameOf('job'),
    });
  }

  const choices = {
    load,
    defaultsOf,
    page: () => page,

    /**
     * The server tells its defaults; what the visitor has not chosen follows them.
     *
     * @param {Readonly<Record<string, unknown>>} defaults
     * @returns {boolean} whether they are others than before
     */
    tell(defaults) {
      if (JSON.stringify(defaults) === JSON.stringify(told)) return false;
      const chosen = [...byShelf.values()].map(({ shelf }) => ({ shelf, own: valuesOf(fragmentOf(written(shelf))) }));
      told = defaults;
      for (const { shelf, own } of chosen) put(shelf, shelf.task.choice.read(own, startOf(shelf.task)));
      return true;
    },

    /** @param {Partial<PageChoice>} change */
    setPage(change) {
      page = Object.freeze({ ...page, ...change });
    },

    /**
     * @param {Shelf} shelf
     * @returns {any} of the task's own shape
     */
    of(shelf) {
      const key = keyOf(shelf);
      if (!byShelf.has(key)) {
        const values = arrived ?? valuesOf(preferences.recall(key) ?? '');
        put(shelf, shelf.task.choice.read(values, startOf(shelf.task)));
        arrived = null;
      }
      return byShelf.get(key)?.choice;
    },

    /**
     * @param {Shelf} shelf
     * @param {object} change
     */
    set(shelf, change) {
      put(shelf, Object.freeze({ ...choices.of(shelf), ...change }));
    },

    /** @param {Shelf} shelf */
    toStart(shelf) {
      put(shelf, startOf(shelf.task));
    },

    /**
     * Keep what is chosen.
     *
     * @param {Shelf | null} shelf whose choice stands in the address; before there is one, what came with it stays
     */
    save(shelf) {
      const own = shelf ? written(shelf) : [...(arrived ?? [])].filter(isTasks);
      const drawn = page.asServerDrew ? [['drawn', 'server']] : [];
      const example = page.example === (start.example ?? '') ? [] : [['example', page.example]];
      const named = /** @type {const} */ (['task', 'model', 'job']).flatMap((key) => (page[key] ? [[key, page[key]]] : []));
      address.writeAddress(fragmentOf([...named, ...own, ...drawn, ...example]));
      preferences.remember(KEY, fragmentOf(drawn) || null); // an example, a task and a model are asked for only by a link
      if (shelf) preferences.remember(keyOf(shelf), fragmentOf(own) || null);
    },

    /** Tell whether a choice shows just what was answered. @param {Shelf} shelf */
    isDefault(shelf) {
      return shelf.task.choice.write(choices.of(shelf), defaultsOf(shelf.task)).length === 0;
    },

    /** @param {Shelf} shelf */
    isStart(shelf) {
      return written(shelf).length === 0;
    },
  };
  load();
  return choices;
}

/** @param {string} fragment */
function valuesOf(fragment) {
  return new URLSearchParams(fragment.length > ADDRESS_MAX_CHARS ? '' : fragment.replace(/^[#?]/, ''));
}

/** @param {readonly (readonly string[])[]} values */
function fragmentOf(values) {
  return values.length === 0 ? '' : `#${new URLSearchParams(/** @type {string[][]} */ (values))}`;
}

/** @param {readonly string[]} value */
function isTasks([key = '']) {
  return !PAGES.includes(key);
}

/** @param {string | null} text */
function exampleOf(text) {
  return text !== null && (text === '' || EXAMPLE.test(text)) ? text : null;
}
