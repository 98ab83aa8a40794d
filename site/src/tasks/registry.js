/** The tasks that the page knows, by the names that answers have for them. Each comes when it is needed. */

/** @typedef {import('./contract.js').AnyTask} AnyTask */

const detection = later('detection', async () => (await import('./detection/task.js')).detection, { candidates: 'true' });
const classification = later('classification', async () => (await import('./classification/task.js')).classification);
const segmentation = later('segmentation', async () => (await import('./segmentation/task.js')).segmentation);

/** @type {readonly AnyTask[]} */
export const tasks = [detection, classification, segmentation];

/**
 * A task that comes with the first answer of it.
 *
 * @param {string} id
 * @param {() => Promise<AnyTask>} load
 * @param {Readonly<Record<string, string>>} [fields] those of the task, which are asked for before
 * @returns {AnyTask}
 */
function later(id, load, fields = {}) {
  const task = {
    id,
    fields,
    async load() {
      const [loaded, { speakWords }] = await Promise.all([load(), import('../texts/tasks/words.js')]);
      await speakWords();
      Object.assign(task, loaded);
    },
  };
  return /** @type {AnyTask} */ (/** @type {unknown} */ (task));
}
