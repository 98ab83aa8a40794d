/** A photograph of which some regions are seen by nobody. No document is needed. */

import { pixelate } from '../marks/pixelate.js';
import { LIGHT } from '../marks/style.js';
import { createCanvas, PIXELS_EVERYWHERE } from './canvas.js';
import { blobOf, dataUrlOf } from './data-url.js';

/** @typedef {import('../marks/types.js').Box} Box */
/** @typedef {import('../media/types.js').Size} Size */

const QUALITY = 0.92;

/**
 * @param {Blob} photograph
 * @param {readonly Box[]} regions
 * @param {Size} size of the picture that they are measured in
 * @returns {Promise<Blob>} a JPEG without metadata
 */
export async function coverPhotograph(photograph, regions, size) {
  const bitmap = await createImageBitmap(photograph);
  const covered = canvasOf(bitmap, regions, size);
  bitmap.close();
  return covered.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}

/**
 * The same to be shown.
 *
 * @param {Blob | string} photograph
 * @param {readonly Box[]} regions
 * @param {Size} size
 * @returns {Promise<string>} a data URL
 */
export async function showCovered(photograph, regions, size) {
  return dataUrlOf(await coverPhotograph(blobOf(photograph), regions, size));
}

/**
 * @param {ImageBitmap} bitmap is closed
 * @param {readonly Box[]} regions
 * @param {Size} size
 * @returns {ImageBitmap}
 */
export function coverBitmap(bitmap, regions, size) {
  const covered = canvasOf(bitmap, regions, size);
  bitmap.close();
  return covered.transferToImageBitmap();
}

/**
 * @param {ImageBitmap} bitmap
 * @param {readonly Box[]} regions
 * @param {Size} size
 */
function canvasOf(bitmap, regions, size) {
  const settings = { willReadFrequently: true };
  const canvas = createCanvas(bitmap, Infinity, settings) ?? createCanvas(bitmap, PIXELS_EVERYWHERE, settings);
  const context = canvas?.getContext('2d', settings);
  if (!canvas || !context) throw new Error('This browser gives no canvas.');
  context.fillStyle = LIGHT;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  pixelate(context, regions, size);
  return canvas;
}
