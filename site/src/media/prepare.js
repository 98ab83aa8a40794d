/**
 * A file of the visitor's -> what is sent: an upright JPEG of at most 1280 pixels, or the original where the browser
 * cannot read it and the API can.
 */

import { applyEdits, readContainer } from './container.js';
import { fitWithin } from './fit.js';
import { API_FORMATS, isNoImage, sniffFormat } from './format.js';
import { readOrientation, uprightSize } from './orientation.js';
import { decode, encodeUpright } from './pixels.js';

/** @typedef {import('./types.js').PreparedImage} PreparedImage */
/** @typedef {import('./types.js').Size} Size */

const browserPixels = { decode, encodeUpright };

export const LONGEST_SIDE = 1280;
const JPEG_QUALITY = 0.9;
const UPLOAD_MAX_BYTES = 10_000_000; // what the API accepts, the form around the file included
const FORM_BYTES = 2_000;
const HEAD_BYTES = 1024; // enough to tell the format
const OPEN_MAX_BYTES = 200 * 1024 * 1024; // far above any photograph; a video would only stop the page

/** A file that cannot become a request. `kind` names the text that explains it. */
export class UnusableFile extends Error {
  /** @param {'empty' | 'not-an-image' | 'too-large'} kind */
  constructor(kind) {
    super(kind);
    this.name = 'UnusableFile';
    this.kind = kind;
  }
}

/**
 * Make a file ready to be sent.
 *
 * @param {File} file
 * @param {AbortSignal} signal
 * @param {typeof browserPixels} [pixels] what decodes and encodes
 * @returns {Promise<PreparedImage>}
 * @throws {UnusableFile} what the page can refuse without asking the API
 */
export async function prepareImage(file, signal, pixels = browserPixels) {
  if (file.size === 0) throw new UnusableFile('empty');
  if (file.size > OPEN_MAX_BYTES) throw new UnusableFile('too-large');
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const format = sniffFormat(head);
  if (format === 'unknown' && isNoImage(head, file.type)) throw new UnusableFile('not-an-image');
  signal.throwIfAborted();
  return (await prepareUpright(file, format, signal, pixels)) ?? prepareOriginal(file, format);
}

/**
 * Decode, turn, reduce and encode in the browser.
 *
 * @param {File} file
 * @param {string} format
 * @param {AbortSignal} signal
 * @param {typeof browserPixels} pixels
 * @returns {Promise<PreparedImage | null>} null when this browser cannot
 */
async function prepareUpright(file, format, signal, pixels) {
  const { width, height, exif, edits } = await readContainer(file, format);
  const orientation = readOrientation(exif);
  const stored = width > 0 && height > 0 ? { width, height } : null;
  try {
    const bitmap = await pixels.decode(await applyEdits(file, edits), reducedSize(stored));
    try {
      signal.throwIfAborted();
      const drawn = fitWithin(bitmap, LONGEST_SIDE);
      // A shape other than the stored one means that the browser has turned it after all: let the API do it.
      if (stored && !sameShape(drawn, fitWithin(stored, LONGEST_SIDE))) return null;
      const blob = await pixels.encodeUpright(bitmap, { orientation, drawn, quality: JPEG_QUALITY });
      signal.throwIfAborted();
      if (blob.type !== 'image/jpeg') return null;
      const sent = new File([blob], file.name, { type: blob.type });
      return Object.freeze({ file: sent, upright: true, size: uprightSize(drawn, orientation) });
    } finally {
      bitmap.close();
    }
  } catch {
    // Not one class: no decoder, damaged file, no memory, no canvas. What is left is the original.
    signal.throwIfAborted();
    return null;
  }
}

/**
 * @param {File} file
 * @param {string} format
 * @returns {PreparedImage}
 */
function prepareOriginal(file, format) {
  if (!API_FORMATS.includes(format)) throw new UnusableFile('not-an-image');
  if (file.size + FORM_BYTES > UPLOAD_MAX_BYTES) throw new UnusableFile('too-large');
  return Object.freeze({ file, upright: false, size: null });
}

/**
 * @param {Size | null} stored
 * @returns {Size | null} the size to decode at, null for the stored one
 */
function reducedSize(stored) {
  return stored && Math.max(stored.width, stored.height) > LONGEST_SIDE ? fitWithin(stored, LONGEST_SIDE) : null;
}

/**
 * @param {Size} a
 * @param {Size} b
 */
function sameShape(a, b) {
  return Math.abs(a.width - b.width) <= 1 && Math.abs(a.height - b.height) <= 1;
}
