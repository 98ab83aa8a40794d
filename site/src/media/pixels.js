/**
 * The browser's own decoder and encoder. Everything here also exists in a worker: no document is needed.
 */

import { uprightMatrix, uprightSize } from './orientation.js';

/** @typedef {import('./types.js').Size} Size */

/**
 * Decode a file that carries no orientation tag.
 *
 * @param {Blob} file
 * @param {Size | null} reduced the size wanted, when it is smaller than the stored one: the whole picture must not reach
 *   a canvas, which iOS leaves black above 16,777,216 pixels
 * @returns {Promise<ImageBitmap>} of the reduced size, or of the stored one where the browser does not reduce
 */
export function decode(file, reduced) {
  // No imageOrientation: its default means the same in every browser, its names do not.
  if (!reduced) return createImageBitmap(file);
  return createImageBitmap(file, {
    resizeWidth: reduced.width,
    resizeHeight: reduced.height,
    resizeQuality: 'high',
  });
}

/**
 * Draw a picture upright, on white where it is transparent, and encode it as JPEG.
 *
 * @param {ImageBitmap} bitmap
 * @param {{orientation: number, drawn: Size, quality: number}} how drawn: the size of the picture before it is turned
 * @returns {Promise<Blob>}
 */
export async function encodeUpright(bitmap, { orientation, drawn, quality }) {
  const { width, height } = uprightSize(drawn, orientation);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('This browser gives no canvas.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.setTransform(...uprightMatrix(orientation, drawn));
  context.drawImage(bitmap, 0, 0, drawn.width, drawn.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality });
}
