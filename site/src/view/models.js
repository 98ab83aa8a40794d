/** What shows that there are several models: the choice of one, and a door for each task. Loaded when there are several. */

import { createModelPicker } from './model-picker.js';

export { speakWords } from '../texts/tasks/words.js';

/**
 * @param {{onModel: (name: string) => void} & Parameters<typeof import('./task-doors.js').createTaskDoors>[0]} parts
 */
export function createModelViews({ onModel, ...parts }) {
  const picker = createModelPicker(onModel);
  /** @type {Promise<ReturnType<typeof import('./task-doors.js').createTaskDoors>> | undefined} */
  let doors;

  return {
    /** Also in another language. @param {import('../app/models.js').Offer} offer */
    show({ models, current, ...offered }) {
      picker.show(models, current);
      if (offered.doors.length > 0) doors ??= loadDoors(parts);
      doors?.then((it) => it.show(offered)).catch(() => {}); // the models can still be chosen
    },
  };
}

/** @param {Parameters<typeof import('./task-doors.js').createTaskDoors>[0]} parts */
async function loadDoors(parts) {
  const { createTaskDoors } = await import('./task-doors.js');
  return createTaskDoors(parts);
}
