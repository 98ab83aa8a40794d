/** The analysed frames of a video as pictures with their marks, in one archive. */

import { drawPicture } from '../picture.js';
import { zip } from '../zip.js';
import { frameName } from './names.js';

const MOST = 600; // more would be gigabytes: then every second frame, or third

/**
 * @param {{
 *   size: import('../../media/types.js').Size,
 *   frames: readonly Readonly<{timeS: number, shown: unknown}>[],
 *   stills: () => Promise<{at: (timeS: number) => Promise<ImageBitmap>, close: () => void}>,
 *   marksOf: (shown: unknown) => readonly import('../../marks/types.js').MarkGroup[],
 * }} parts
 * @returns {Promise<Blob>}
 */
export async function zipFrames({ size, frames, stills, marksOf }) {
  const every = Math.ceil(frames.length / MOST);
  const source = await stills();
  /** @type {{name: string, content: Blob}[]} */
  const files = [];
  try {
    for (const [index, { timeS, shown }] of frames.entries()) {
      if (index % every !== 0) continue;
      const bitmap = await source.at(timeS);
      files.push({ name: frameName(index), content: await drawPicture(bitmap, marksOf(shown), size) });
      bitmap.close();
    }
  } finally {
    source.close();
  }
  return zip(files);
}
