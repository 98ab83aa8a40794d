/** What becomes of photographs as they come in, files of the visitor's or an example of the page's, and as they go. */

import { loadExample } from '../sources/example-file.js';
import { texts } from '../texts/texts.js';

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('./job.js').Source} Source */
/** @typedef {Readonly<{name: string, url: string}>} Example */

const FILES_MAX = 50;

/**
 * @param {{
 *   start: (...sources: Source[]) => Promise<void>,
 *   add: (...sources: Source[]) => Promise<void>,
 *   remove: (...jobs: Job[]) => () => void,
 *   nameExample: (name: string) => void,
 *   page: {tell: (text: string) => void, offerUndo: (text: string, undo: () => void) => void},
 *   examples: readonly Example[],
 * }} parts start: in place of a single one; add: beside it; remove: gives what brings them back. nameExample: puts it into the
 *   address, '' when the picture is none
 */
export function createIntake({ start, add, remove, nameExample, page, examples }) {
  /** A video's own way, once a server takes them; undefined if it is none. @type {(file: File) => Source | undefined} */
  let videoOf = () => undefined;

  /** @param {Example} example */
  function startExample(example) {
    nameExample(example.name);
    /** @type {Source} */
    const source = (signal) => loadExample(example, signal);
    void start(Object.assign(source, { title: example.name }));
  }

  /** @param {typeof start} begin */
  const filesTo = (begin) => (/** @type {readonly File[]} */ files) => {
    nameExample('');
    const taken = files.slice(0, FILES_MAX);
    void begin(...taken.map((file) => videoOf(file) ?? Object.assign(/** @type {Source} */ (() => file), { title: file.name })));
    if (taken.length < files.length) page.tell(texts.strip.tooMany(FILES_MAX));
  };

  return {
    startExample,

    /** @param {typeof videoOf} of */
    takeVideos: (of) => void (videoOf = of),
    startFiles: filesTo(start),
    addFiles: filesTo(add),

    /** Take photographs away, with a way back. @param {Job[]} jobs */
    remove: (...jobs) => page.offerUndo(texts.strip.removed(jobs.length), remove(...jobs)),

    /** @param {string} name */
    startExampleNamed(name) {
      const wanted = examples.find((example) => example.name === name);
      if (wanted) startExample(wanted);
    },
  };
}
