/**
 * Image files for the tests, put together byte by byte after the standards: no pixels, only the structure around them.
 */

/**
 * A TIFF block whose first directory holds the orientation tag.
 *
 * @param {number} orientation
 * @param {{bigEndian?: boolean}} [options]
 */
export function tiff(orientation, { bigEndian = false } = {}) {
  const view = new DataView(new ArrayBuffer(26));
  const little = !bigEndian;
  view.setUint16(0, bigEndian ? 0x4d4d : 0x4949);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little); // where the directory is
  view.setUint16(8, 1, little); // entries
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little); // type SHORT
  view.setUint32(14, 1, little);
  view.setUint16(18, orientation, little);
  return new Uint8Array(view.buffer);
}

/** @param {string} text */
export const bytesOf = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** @param {...(number[] | Uint8Array)} parts */
export function join(...parts) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/**
 * @param {{width: number, height: number, exif?: Uint8Array | null, before?: Uint8Array}} options
 */
export function jpeg({ width, height, exif = null, before = new Uint8Array() }) {
  const block = exif ? join(bytesOf('Exif\0\0'), exif) : null;
  return join(
    [0xff, 0xd8],
    before,
    block ? join([0xff, 0xe1, ...uint16(block.length + 2)], block) : [],
    [0xff, 0xc4, 0, 3, 0], // a table: its marker is next to those of frames
    [0xff, 0xff, 0xc2, 0, 8, 8, ...uint16(height), ...uint16(width), 1], // a fill byte before a progressive frame
    [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9],
  );
}

/** @param {{width: number, height: number, exif?: Uint8Array | null}} options */
export function png({ width, height, exif = null }) {
  const chunk = (type, data) => join(uint32(data.length), bytesOf(type), data, [1, 2, 3, 4]);
  return join(
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    chunk('IHDR', join(uint32(width), uint32(height), [8, 2, 0, 0, 0])),
    exif ? chunk('eXIf', exif) : [],
    chunk('IDAT', bytesOf('pixels')),
    chunk('IEND', new Uint8Array()),
  );
}

/** @param {{width: number, height: number, exif?: Uint8Array | null}} options */
export function webp({ width, height, exif = null }) {
  const chunk = (type, data) =>
    join(bytesOf(type), uint32(data.length).reverse(), data, data.length % 2 ? [0] : []);
  const packed = (width - 1) | ((height - 1) << 14);
  const body = join(
    bytesOf('WEBP'),
    exif ? chunk('VP8X', join([0x08, 0, 0, 0], uint24(width - 1), uint24(height - 1))) : [],
    chunk('VP8L', join([0x2f], uint32(packed).reverse())),
    exif ? chunk('EXIF', exif) : [],
  );
  return join(bytesOf('RIFF'), uint32(body.length).reverse(), body);
}

/** @param {string} brand @param {string[]} [compatible] */
export function isoMedia(brand, compatible = []) {
  return join(uint32(16 + 4 * compatible.length), bytesOf(`ftyp${brand}\0\0\0\0${compatible.join('')}`), bytesOf('rest'));
}

/** @param {number} value */
const uint16 = (value) => [value >> 8, value & 0xff];
/** @param {number} value */
const uint24 = (value) => [value & 0xff, (value >> 8) & 0xff, value >> 16];
/** @param {number} value */
const uint32 = (value) => [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
