/**
 * The EXIF orientation tag: reading it, and what each of its eight values asks for.
 *
 * The values (EXIF 2.32, tag 0x0112) say where the first stored row and column belong in the upright picture:
 * 1 top left, 2 top right, 3 bottom right, 4 bottom left, 5 left top, 6 right top, 7 right bottom, 8 left bottom.
 */

import * as exifr from 'exifr/dist/mini.esm.mjs';

/** @typedef {import('./types.js').Size} Size */

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];
const JPEG_SEGMENT_MAX = 65533;

/**
 * Read the tag from an EXIF block. A block that cannot be read asks for nothing.
 *
 * @param {Uint8Array | null} exif a TIFF block
 * @returns {Promise<number>} 1..8
 */
export async function readOrientation(exif) {
  if (!exif) return 1;
  try {
    const tag = await exifr.orientation(asJpeg(exif));
    return tag && ORIENTATIONS.includes(tag) ? tag : 1;
  } catch {
    return 1; // the library throws plain errors for every kind of damage
  }
}

/**
 * The size of the upright picture.
 *
 * @param {Size} stored
 * @param {number} orientation 1..8
 * @returns {Size}
 */
export function uprightSize({ width, height }, orientation) {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/**
 * The matrix that puts stored pixels upright, as a canvas takes it: x' = a x + c y + e, y' = b x + d y + f.
 *
 * @param {number} orientation 1..8
 * @param {Size} stored the size at which the stored picture is drawn
 * @returns {[a: number, b: number, c: number, d: number, e: number, f: number]}
 */
export function uprightMatrix(orientation, { width: w, height: h }) {
  switch (orientation) {
    case 2: return [-1, 0, 0, 1, w, 0];
    case 3: return [-1, 0, 0, -1, w, h];
    case 4: return [1, 0, 0, -1, 0, h];
    case 5: return [0, 1, 1, 0, 0, 0];
    case 6: return [0, 1, -1, 0, h, 0];
    case 7: return [0, -1, -1, 0, h, w];
    case 8: return [0, -1, 1, 0, 0, w];
    default: return [1, 0, 0, 1, 0, 0];
  }
}

/**
 * Wrap a TIFF block as the smallest JPEG that holds it: the one container which the library's small build reads.
 *
 * @param {Uint8Array} exif
 */
function asJpeg(exif) {
  const block = exif.subarray(0, JPEG_SEGMENT_MAX - 6); // the tag is in the first directory, near the start
  const length = block.length + 8;
  const jpeg = new Uint8Array(length + 6);
  jpeg.set([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 0xff, 0x45, 0x78, 0x69, 0x66, 0, 0]);
  jpeg.set(block, 12);
  jpeg.set([0xff, 0xd9], 12 + block.length);
  return jpeg;
}
