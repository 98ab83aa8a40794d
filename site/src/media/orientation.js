/**
 * The EXIF orientation tag: reading it, and what each of its eight values asks for.
 *
 * The values (EXIF 2.32, tag 0x0112) say where the first stored row and column belong in the upright picture:
 * 1 top left, 2 top right, 3 bottom right, 4 bottom left, 5 left top, 6 right top, 7 right bottom, 8 left bottom.
 */

/** @typedef {import('./types.js').Size} Size */

const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * Read the tag from an EXIF block: two letters for the byte order, 42, and where the first directory is, whose entries are of
 * tag, type, count and value (TIFF 6.0, section 2). A block that cannot be read asks for nothing.
 *
 * @param {Uint8Array | null} exif a TIFF block
 * @returns {number} 1..8
 */
export function readOrientation(exif) {
  if (!exif || exif.length < 8) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const order = view.getUint16(0);
  const isLittle = order === 0x4949;
  if ((!isLittle && order !== 0x4d4d) || view.getUint16(2, isLittle) !== 42) return 1;
  const start = view.getUint32(4, isLittle) + 2; // after the number of entries
  const end = start > exif.length ? 0 : start + view.getUint16(start - 2, isLittle) * ENTRY_BYTES;
  for (let at = start; at < end && at + ENTRY_BYTES <= exif.length; at += ENTRY_BYTES) {
    if (view.getUint16(at, isLittle) !== ORIENTATION || view.getUint16(at + 2, isLittle) !== SHORT) continue;
    const tag = view.getUint16(at + 8, isLittle);
    return tag >= 1 && tag <= 8 ? tag : 1;
  }
  return 1;
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
