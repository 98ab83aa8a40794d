/** The forms in which the detections of a video are kept, besides those that all tasks have. */

import { words } from '../../../texts/video/words.js';
import { exportName } from '../../../save/names.js';

/** @type {readonly import('../../contract.js').FramesFormat[]} */
export const formats = [
  {
    id: 'csv',
    label: () => 'CSV',
    hint: () => words.save.csv,
    async make({ name, frames }) {
      const { toCsv } = await import('./csv.js');
      return { name: exportName(name, 'csv'), content: new Blob([toCsv(frames)], { type: 'text/csv' }) };
    },
  },
  {
    id: 'coco-video',
    label: () => words.save.cocoVideo,
    hint: () => words.save.cocoVideoHint,
    async make({ name, size, frames, labels }) {
      const { toCocoVideo } = await import('./coco-video.js');
      const content = toCocoVideo({ name, size }, frames, await labels());
      return { name: exportName(name, 'cocoVideo'), content: new Blob([content], { type: 'application/json' }) };
    },
  },
];
