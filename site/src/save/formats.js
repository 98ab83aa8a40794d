/**
 * The forms in which every result is kept, whatever its task: a picture and a web page, of the marks and rows. What makes
 * them is loaded when one is asked for.
 */

import { words } from '../texts/tasks/words.js';
import { texts } from '../texts/texts.js';

/**
 * @typedef {Readonly<{
 *   job: import('../app/job.js').Job,
 *   name: string,
 *   size: import('../media/types.js').Size,
 *   answer: import('../engines/contract.js').Answer,
 *   task: import('../tasks/contract.js').AnyTask,
 *   shown: unknown,
 *   choice: unknown,
 *   labels: () => Promise<readonly string[]>,
 *   photograph: () => Promise<Blob>,
 *   original: () => Promise<ImageBitmap>,
 *   originalSize: () => Promise<import('../media/types.js').Size>,
 * }>} Subject what is kept. name: of the file, harmless. photograph: as it was worked on, without marks. original: at the size
 *   that it has, where the browser can read it. labels: of the model, none where they cannot be had
 *
 * @typedef {Readonly<{name: string, content: Blob | string}>} File
 *
 * @typedef {Readonly<{name: string, content: Blob, files?: readonly File[]} | {shared: globalThis.File}>} Kept a file, and what
 *   is in it if it is an archive; or a file for another program
 *
 * @typedef {Readonly<{
 *   make: (subject: Subject) => Promise<Kept>,
 * } | {
 *   type: string,
 *   copied: (subject: Subject) => Promise<string | Blob>,
 * }>} Making a file, or what is for the clipboard, whose type has to be told before it is made
 *
 * @typedef {Making & Readonly<{
 *   id: string,
 *   label: () => string,
 *   hint: () => string | undefined,
 *   isOffered?: () => boolean,
 * }>} Format isOffered: absent where every browser can do it
 */

/** @type {readonly Format[]} */
export const pageFormats = [
  {
    id: 'picture',
    label: () => words.save.picture,
    hint: () => words.save.hints.picture,
    make: async (subject) => (await import('./picture.js')).makePicture(subject),
  },
  {
    id: 'html',
    label: () => words.save.html,
    hint: () => words.save.hints.html,
    async make(subject) {
      const { makePage } = await import('./page.js');
      return makePage(subject, { language: texts.language, caption: texts.foundBy(subject.answer.model) });
    },
  },
  {
    id: 'copy',
    label: () => words.save.copy,
    hint: () => words.save.hints.copy,
    isOffered: () => typeof ClipboardItem !== 'undefined',
    type: 'image/png',
    copied: async (subject) => (await import('./picture.js')).copyPicture(subject),
  },
  {
    id: 'share',
    label: () => words.save.share,
    hint: () => words.save.hints.share,
    isOffered: () => Boolean(navigator.canShare?.({ files: [new File([''], 'photo.jpg', { type: 'image/jpeg' })] })),
    make: async (subject) => (await import('./picture.js')).sharePicture(subject),
  },
];
