/**
 * The picture with its marks as a JPEG, at full size. It carries no metadata: its pixels are all that is kept of the file.
 * No document is needed.
 */

import { paintMarks } from '../marks/canvas.js';
import { LIGHT } from '../marks/style.js';
import { createCanvas, PIXELS_EVERYWHERE } from './canvas.js';
import { exportName } from './names.js';

/** @typedef {import('../marks/types.js').MarkGroup} MarkGroup */
/** @typedef {import('../media/types.js').Size} Size */

const QUALITY = 0.92;

/**
 * @param {import('./formats.js').Subject} subject
 * @returns {Promise<{name: string, content: Blob}>}
 */
export async function makePicture({ name, size, task, shown, original }) {
  const bitmap = await original();
  try {
    return { name: exportName(name, 'picture'), content: await drawPicture(bitmap, seenOf(task, shown), size) };
  } finally {
    bitmap.close();
  }
}

/**
 * The same as a PNG for the clipboard, which takes no other.
 *
 * @param {import('./formats.js').Subject} subject
 * @returns {Promise<import('./formats.js').Kept>}
 */
export async function copyPicture({ size, task, shown, original }) {
  const bitmap = await original();
  try {
    return { copied: await drawPicture(bitmap, seenOf(task, shown), size, 'image/png') };
  } finally {
    bitmap.close();
  }
}

/**
 * The picture for another program of the visitor's device.
 *
 * @param {import('./formats.js').Subject} subject
 * @returns {Promise<import('./formats.js').Kept>}
 */
export async function sharePicture(subject) {
  const { name, content } = await makePicture(subject);
  return { shared: new File([content], name, { type: content.type }) };
}

/** @param {import('../tasks/contract.js').AnyTask} task @param {unknown} shown @returns {readonly MarkGroup[]} */
function seenOf(task, shown) {
  return task.marks(shown).filter(({ isQuiet }) => !isQuiet);
}

/**
 * Draw marks onto a picture.
 *
 * @param {ImageBitmap} bitmap upright; may be larger or smaller than the picture that the marks are measured in
 * @param {readonly MarkGroup[]} groups the first is on top
 * @param {Size} size of the picture that the marks are measured in
 * @param {'image/jpeg' | 'image/png'} [type]
 * @returns {Promise<Blob>} of the bitmap's size, or of the largest that this browser can draw
 */
export async function drawPicture(bitmap, groups, size, type = 'image/jpeg') {
  const canvas = createCanvas(bitmap) ?? createCanvas(bitmap, PIXELS_EVERYWHERE);
  const context = canvas?.getContext('2d');
  if (!canvas || !context) throw new Error('This browser gives no canvas.');
  context.fillStyle = LIGHT;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  await paintMarks(context, groups, size);
  const blob = await canvas.convertToBlob({ type, quality: QUALITY });
  if (blob.type !== type) throw new Error(`This browser writes no ${type}.`);
  return blob;
}
