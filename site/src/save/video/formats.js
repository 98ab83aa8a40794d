/**
 * The forms in which a video is kept, whatever its task, and those that its task adds. What makes them is loaded when
 * one is asked for.
 */

import { words } from '../../texts/video/words.js';
import { exportName } from '../names.js';

/** @typedef {import('../formats.js').Format} Format */
/** @typedef {Readonly<{timeS: number, shown: any}>} Frame */

/**
 * @param {{
 *   own: readonly import('../../tasks/contract.js').FramesFormat[],
 *   json: Readonly<Record<string, unknown>>,
 *   hasVideo: boolean,
 *   video: () => Promise<Blob>,
 *   framesOf: (choice: unknown) => readonly Frame[],
 *   stills: () => Promise<{at: (timeS: number) => Promise<ImageBitmap>, close: () => void}>,
 *   isMarked: () => boolean,
 *   labels: () => Promise<readonly string[]>,
 * }} parts own: the task's. json: the whole answer. video: as the server drew it. framesOf: what is shown of every
 *   analysed
 *   frame. stills: its pictures; isMarked: whether they have the marks in them already
 * @returns {readonly Format[]}
 */
export function videoFormats({ own, json, hasVideo, video, framesOf, stills, isMarked, labels }) {
  /** @type {Format[]} */
  const formats = [
    {
      id: 'video',
      label: () => words.save.video,
      hint: () => words.save.videoHint,
      isOffered: () => hasVideo,
      make: async ({ name }) => ({ name: exportName(name, 'video'), content: await video() }),
    },
    {
      id: 'json',
      label: () => words.save.json,
      hint: () => words.save.jsonHint,
      async make({ name }) {
        return { name: exportName(name, 'json'), content: new Blob([JSON.stringify(json)], { type: 'application/json' }) };
      },
    },
    ...own.map(({ id, label, hint, make }) => ({
      id,
      label,
      hint,
      make: async (/** @type {import('../formats.js').Subject} */ { name, size, choice }) =>
        make({ name, size, frames: framesOf(choice), labels }),
    })),
    {
      id: 'frames',
      label: () => words.save.frames,
      hint: () => words.save.framesHint,
      async make({ name, size, choice, task }) {
        const { zipFrames } = await import('./frames.js');
        const marksOf = (/** @type {unknown} */ shown) => (isMarked() ? [] : task.marks(shown));
        return { name: exportName(name, 'frames'), content: await zipFrames({ size, frames: framesOf(choice), stills, marksOf }) };
      },
    },
  ];
  if (own.some(({ id }) => id === 'csv')) return formats;
  return [...formats, rowsFormat(framesOf)];
}

/** @param {(choice: unknown) => readonly Frame[]} framesOf @returns {Format} */
function rowsFormat(framesOf) {
  return {
    id: 'csv',
    label: () => 'CSV',
    hint: () => words.save.rows,
    async make({ name, choice, task }) {
      const { rowsToCsv } = await import('./csv.js');
      const frames = framesOf(choice).map(({ timeS, shown }) => ({ timeS, rows: task.rows(shown) }));
      return { name: exportName(name, 'csv'), content: new Blob([rowsToCsv(frames)], { type: 'text/csv' }) };
    },
  };
}
