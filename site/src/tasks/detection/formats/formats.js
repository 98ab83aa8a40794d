/** The forms in which detections are kept. What makes them is loaded when one is asked for. */

import { texts } from '../../../texts/texts.js';

const IDS = /** @type {const} */ (['json', 'coco', 'yolo', 'voc']);

/** @type {readonly import('../../../save/formats.js').Format[]} */
export const formats = IDS.map((id) =>
  Object.freeze({
    id,
    label: () => texts.save[id],
    hint: () => texts.save.hints[id],
    make: async (subject) => (await import('./files.js')).makeFile(id, subject),
  }),
);
