/** The forms in which segments are kept: as the API answers, as COCO has them, the mask alone, and one class cut out. */

import { exportName } from '../../../save/names.js';
import { words } from '../../../texts/tasks/words.js';

/** @typedef {import('../../../save/formats.js').Format} Format */
/** @typedef {import('../../../save/formats.js').Subject} Subject */
/** @typedef {import('../types.js').Result} Result */
/** @typedef {import('../types.js').Segment} Segment */

/** @type {readonly Format[]} */
export const formats = [
  {
    id: 'json',
    label: () => words.save.json,
    hint: () => words.save.hints.json,
    async make({ name, size, answer }) {
      const { segments, background, mask } = /** @type {Result} */ (answer.result);
      const all = [...segments, ...(background ? [background] : [])].sort((one, other) => other.share - one.share);
      const labels = all.map(({ label, classId, share }) => ({ label, class_id: classId, share }));
      const written = { labels, background: background?.classId ?? null, mask, ...size };
      const json = JSON.stringify({ name, ...size, model: answer.model, segments: written }, null, 2);
      return { name: exportName(name, 'segments'), content: new Blob([json, '\n'], { type: 'application/json' }) };
    },
  },
  ...(/** @type {const} */ (['rle', 'polygons'])).map((form) => ({
    id: form,
    label: () => words.segmentation.formats[form],
    hint: () => words.segmentation.hints[form],
    make: async (/** @type {Subject} */ subject) => (await import('./files.js')).makeCoco(form, subject),
  })),
  {
    id: 'mask',
    label: () => words.save.mask,
    hint: () => words.save.hints.mask,
    async make({ name, answer }) {
      const { mask } = /** @type {Result} */ (answer.result);
      const bytes = Uint8Array.from(atob(mask.slice(mask.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));
      return { name: exportName(name, 'mask'), content: new Blob([bytes], { type: 'image/png' }) };
    },
  },
];

/** One class alone. @param {Segment} segment @returns {Format} */
export function cutOutOf({ label, classId }) {
  return {
    id: 'cut-out',
    label: () => words.segmentation.cutOut(label),
    hint: () => undefined,
    make: async (subject) => (await import('./cut-out.js')).cutOut(subject, classId),
  };
}
