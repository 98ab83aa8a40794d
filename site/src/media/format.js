/**
 * What kind of file some bytes are, by how they begin. Names and media types are only claims; the first bytes are not.
 */

/** What the API reads; see `file` in openapi.yaml. */
export const API_FORMATS = Object.freeze(['jpeg', 'png', 'webp', 'gif', 'bmp', 'heic', 'avif']);

const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs', 'mif1', 'msf1'];
const AVIF_BRANDS = ['avif', 'avis'];
const FTYP_BRANDS_MAX = 16;

/**
 * Name the format of a file.
 *
 * @param {Uint8Array} bytes at least the first hundred or so of the file
 * @returns {string} one of API_FORMATS, or `unknown`
 */
export function sniffFormat(bytes) {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return 'webp';
  if (ascii(bytes, 0, 4) === 'GIF8') return 'gif';
  // Two letters are little proof: a BMP also has the size of its header, 12 to 124 bytes, as a 32-bit number.
  if (ascii(bytes, 0, 2) === 'BM' && bytes.length > 18 && startsWith(bytes.subarray(15), [0, 0, 0])) return 'bmp';
  if (ascii(bytes, 4, 4) === 'ftyp') return sniffFtyp(bytes);
  return 'unknown';
}

/**
 * Tell whether a file of unknown format is none that a browser could decode and the page may send: another medium, or a
 * drawing in markup, which a browser draws but the API does not read.
 *
 * @param {Uint8Array} head
 * @param {string} type the media type that the browser gives, empty when it has none
 */
export function isNoImage(head, type) {
  if (type === 'image/svg+xml' || (type !== '' && !type.startsWith('image/'))) return true;
  return /^[^\x20-\x7e]*\s*</.test(ascii(head, 0, 256));
}

/** @param {Uint8Array} bytes of an ISO base media file: a box of brands comes first */
function sniffFtyp(bytes) {
  const brands = [ascii(bytes, 8, 4)];
  const end = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length, 16 + 4 * FTYP_BRANDS_MAX);
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(bytes, at, 4));
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return 'heic';
  return 'unknown';
}

/**
 * @param {Uint8Array} bytes
 * @param {readonly number[]} prefix
 */
function startsWith(bytes, prefix) {
  return prefix.every((value, index) => bytes[index] === value);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} length
 */
export function ascii(bytes, start, length) {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
