/** The forms in which detections are kept. What makes them is loaded when one is asked for. */

import { words } from '../../../texts/tasks/words.js';
import { texts } from '../../../texts/texts.js';

const IDS = /** @type {const} */ (['json', 'coco', 'yolo', 'voc', 'csv']);

/** @type {readonly import('../../../save/formats.js').Format[]} */
export const formats = IDS.map((id) =>
  Object.freeze({
    id,
    label: () => (id === 'csv' ? words.table.label : texts.save[id]),
    hint: () => (id === 'csv' ? words.table.hint : texts.save.hints[id]),
    make: async (subject) => (await import('./files.js')).makeFile(id, subject),
  }),
);
