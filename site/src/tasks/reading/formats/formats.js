/** The forms in which what was read is kept: as text, as hOCR, as the API answers. What makes a file of it is loaded then. */

import { words } from '../../../texts/tasks/words.js';

/** @typedef {import('../types.js').Shown} Shown */

const IDS = /** @type {const} */ (['text', 'hocr', 'lines']);

/** All that was read, a line each. @type {import('../../../save/formats.js').Format} */
export const allText = {
  id: 'copy-text',
  label: () => words.reading.copyText,
  hint: () => words.save.hints.copy,
  type: 'text/plain',
  copied: async ({ shown }) => /** @type {Shown} */ (shown).lines.map(({ text }) => text).join('\n'),
};

/** @type {readonly import('../../../save/formats.js').Format[]} */
export const formats = [
  ...IDS.map((id) =>
    Object.freeze({
      id,
      label: () => (id === 'lines' ? words.save.json : words.reading.formats[id]),
      hint: () => (id === 'lines' ? words.save.hints.json : words.reading.hints[id]),
      make: async (/** @type {import('../../../save/formats.js').Subject} */ subject) => (await import('./files.js')).makeFile(id, subject),
    }),
  ),
  allText,
];
