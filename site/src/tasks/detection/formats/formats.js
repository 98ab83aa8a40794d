/** The forms in which detections are kept. What makes them is loaded when one is asked for. */

import { words } from '../../../texts/tasks/words.js';

const IDS = /** @type {const} */ (['json', 'coco', 'yolo', 'voc', 'csv']);

/** @type {readonly import('../../../save/formats.js').Format[]} */
export const formats = IDS.map((id) =>
  Object.freeze({
    id,
    label: () => (id === 'csv' ? words.table.label : words.save[id]),
    hint: () => (id === 'csv' ? words.table.hint : words.save.hints[id]),
    make: async (subject) => (await import('./files.js')).makeFile(id, subject),
  }),
);
