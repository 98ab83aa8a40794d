/** Tells what the server's model can find, before anything is found. */

import { learnLabels } from '../texts/texts.js';

/**
 * @param {{labelsOf: (model: string) => Promise<readonly string[]>, show: (labels: readonly string[]) => void}} parts
 */
export function createKinds({ labelsOf, show }) {
  let asked = '';
  /** @type {readonly string[]} */
  let labels = [];

  return {
    /** @param {string} model */
    async of(model) {
      if (model === asked) return;
      asked = model;
      [labels] = await Promise.all([labelsOf(model), learnLabels()]);
      if (labels.length > 0) show(labels);
    },

    /** Say the same in another language. */
    refresh: () => show(labels),
  };
}
