/** The tasks that the page knows, by the names that answers have for them. Each comes when it is needed. */

/** @typedef {import('./contract.js').AnyTask} AnyTask */

const detection = later('detection', () => import('./detection/task.js'), { candidates: 'true' });
const classification = later('classification', () => import('./classification/task.js'));
const segmentation = later('segmentation', () => import('./segmentation/task.js'));
const reading = later('reading', () => import('./reading/task.js'));

/** @type {readonly AnyTask[]} */
export const tasks = [detection, classification, segmentation, reading];

/**
 * A task that comes with the first answer of it.
 *
 * @param {string} id
 * @param {() => Promise<any>} load gives the task by its id, and what speaks its texts
 * @param {Readonly<Record<string, string>>} [fields] those of the task, which are asked for before
 * @returns {AnyTask}
 */
function later(id, load, fields = {}) {
  const task = {
    id,
    fields,
    async load() {
      const { [id]: loaded, speakWords } = await load();
      await speakWords();
      Object.assign(task, loaded);
    },
  };
  return /** @type {AnyTask} */ (/** @type {unknown} */ (task));
}
