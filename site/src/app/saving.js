/** Keeps what is looked at, in one of several forms. What makes a form is loaded when it is asked for. */

import { pageFormats } from '../save/formats.js';
import { words } from '../texts/tasks/words.js';
import { texts } from '../texts/texts.js';

/** @typedef {import('../save/formats.js').Format} Format */

/**
 * @param {{
 *   viewer: Pick<import('./viewer.js').Viewer, 'current' | 'resultOf'>,
 *   jobs: () => readonly import('./job.js').Job[],
 *   engines: {byId: (id: string) => import('../engines/contract.js').Engine},
 *   page: {tell: (text: string) => void, tellFailure: (error: unknown, text: string) => void},
 *   labelsOf: (answer: import('../engines/contract.js').Answer) => Promise<readonly string[]>,
 *   photographOf: (job: import('./job.js').Job) => Promise<Blob | string>,
 *   download: (name: string, content: Blob) => void,
 *   copy: (content: Promise<string | Blob>, type: string) => Promise<void>,
 *   share: (file: File) => Promise<boolean>,
 * }} parts
 */
export function createSaving({ viewer, jobs, engines, page, labelsOf, photographOf, download, copy, share }) {
  /** What makes a subject. @param {NonNullable<ReturnType<typeof viewer.current>>} result */
  const partsOf = (result) => ({ ...result, photographOf, labels: () => labelsOf(result.answer) });
  const results = () => jobs().filter(({ player }) => !player).flatMap((job) => viewer.resultOf(job) ?? []);

  /** @type {Format} */
  const all = {
    id: 'all',
    label: () => words.save.all(results().length),
    hint: () => words.save.hints.all,
    isOffered: () => results().length > 1,
    async make() {
      const { makeAll } = await import('../save/all.js');
      const pictures = pageFormats.filter(({ id }) => id === 'picture');
      return makeAll(results().map((one) => ({ current: partsOf(one), formats: [...pictures, ...one.task.formats] })));
    },
  };

  return {
    /** @returns {readonly Format[]} */
    formats() {
      const current = viewer.current();
      if (!current) return [];
      const further = current.job.player ? [] : engines.byId(current.answer.engine).formats ?? [];
      const own = current.job.player?.isDrawnOnly() ? [] : pageFormats;
      return [...own, ...current.task.formats, all, ...further].filter(({ isOffered }) => isOffered?.() ?? true);
    },

    /** @param {Format} format */
    async save(format) {
      const current = viewer.current();
      if (!current) return undefined;
      const { edits } = current.job;
      try {
        const subject = import('../save/subject.js').then(({ subjectOf }) => subjectOf(partsOf(current)));
        if ('copied' in format) {
          await copy(subject.then(format.copied), format.type);
          return page.tell(texts.copied);
        }
        const kept = await format.make(await subject);
        if ('shared' in kept) {
          if (await share(kept.shared)) page.tell(words.save.saved(kept.shared.name));
          return undefined;
        }
        download(kept.name, kept.content);
        current.job.savedEdits = edits;
        return page.tell(words.save.saved(kept.name));
      } catch (error) {
        return page.tellFailure(error, words.save.failed);
      }
    },
  };
}
