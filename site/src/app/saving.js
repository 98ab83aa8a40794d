/** Keeps what is looked at, in one of several forms. What makes a form is loaded when it is asked for. */

import { pageFormats } from '../save/formats.js';
import { texts } from '../texts/texts.js';

/** @typedef {import('../save/formats.js').Format} Format */

/**
 * @param {{
 *   viewer: Pick<import('./viewer.js').Viewer, 'current'>,
 *   engines: {byId: (id: string) => import('../engines/contract.js').Engine},
 *   tell: (text: string) => void,
 *   labelsOf: (answer: import('../engines/contract.js').Answer) => Promise<readonly string[]>,
 *   photographOf: (job: import('./job.js').Job) => Promise<Blob | string>,
 *   download: (name: string, content: Blob) => void,
 *   copy: (text: string) => Promise<void>,
 * }} parts
 */
export function createSaving({ viewer, engines, tell, labelsOf, photographOf, download, copy }) {
  return {
    /** @returns {readonly Format[]} */
    formats() {
      const current = viewer.current();
      if (!current) return [];
      return [...pageFormats, ...current.task.formats, ...(engines.byId(current.answer.engine).formats ?? [])];
    },

    /** @param {Format} format */
    async save(format) {
      const current = viewer.current();
      if (!current) return;
      const { edits } = current.job;
      try {
        const { subjectOf } = await import('../save/subject.js');
        const kept = await format.make(subjectOf({ ...current, photographOf, labels: () => labelsOf(current.answer) }));
        if ('copied' in kept) {
          await copy(kept.copied);
          return tell(texts.save.copied);
        }
        download(kept.name, kept.content);
        current.job.savedEdits = edits;
        tell(texts.save.saved(kept.name));
      } catch {
        tell(texts.save.failed);
      }
    },
  };
}
