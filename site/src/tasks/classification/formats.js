/** The forms in which classes are kept: as the API answers. */

import { exportName } from '../../save/names.js';
import { words } from '../../texts/tasks/words.js';

/** @type {readonly import('../../save/formats.js').Format[]} */
export const formats = [
  {
    id: 'json',
    label: () => words.save.json,
    hint: () => words.save.hints.json,
    async make({ name, size, answer, shown }) {
      const { classes } = /** @type {import('./types.js').Shown} */ (shown);
      const written = classes.map(({ label, classId, confidence }) => ({ label, class_id: classId, confidence }));
      const json = JSON.stringify({ name, ...size, model: answer.model, classes: written }, null, 2);
      return { name: exportName(name, 'classes'), content: new Blob([json, '\n'], { type: 'application/json' }) };
    },
  },
];
