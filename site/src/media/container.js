/**
 * What must be known of an image file before it is decoded: how large its pixels are, where its EXIF block is, and how
 * to make a copy of the file that has none.
 *
 * Why a copy without EXIF: browsers do not agree on which files they turn by its orientation tag. All of today's turn a
 * JPEG; a WebP or PNG is turned by some, by some only when the block is written in one of its two spellings. A file
 * without the block is turned by nobody, so that the page can turn it exactly once, everywhere.
 *
 * Sources: ITU T.81 annex B (JPEG), W3C PNG third edition, the WebP container specification.
 *
 * @typedef {Readonly<{start: number, end: number, bytes?: Uint8Array<ArrayBuffer>}>} Edit
 *   replace the bytes from start to end, by none when there are none
 * @typedef {Readonly<{
 *   width: number,
 *   height: number,
 *   exif: Uint8Array | null,
 *   edits: readonly Edit[],
 * }>} Container
 *   width and height of the pixels as stored, 0 when not found; exif is a TIFF block; edits take it out of the file
 */

import { ascii } from './format.js';

/** @type {Container} */
const NOTHING_KNOWN = Object.freeze({ width: 0, height: 0, exif: null, edits: [] });
const EXIF_SIGNATURE = 'Exif\0\0';

/**
 * Read the structure of a file. Broken structure is no error here: decoding will tell.
 *
 * @param {Blob} file read as a whole: a WebP has its EXIF block at the end
 * @param {string} format as sniffFormat names it
 * @returns {Promise<Container>}
 */
export async function readContainer(file, format) {
  const read = { jpeg: readJpeg, png: readPng, webp: readWebp }[format];
  if (!read) return NOTHING_KNOWN;
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof RangeError) return NOTHING_KNOWN;
    throw error;
  }
}

/**
 * Copy a file with some stretches of bytes replaced. The copy is in one piece: in a worker of Firefox (153), what is put
 * together of several cannot be decoded.
 *
 * @param {Blob} file
 * @param {readonly Edit[]} edits in ascending order, not overlapping
 * @returns {Promise<Blob>}
 */
export async function applyEdits(file, edits) {
  if (edits.length === 0) return file;
  /** @type {BlobPart[]} */
  const parts = [];
  let at = 0;
  for (const { start, end, bytes } of edits) {
    parts.push(file.slice(at, start));
    if (bytes) parts.push(bytes);
    at = end;
  }
  parts.push(file.slice(at));
  return new Blob([await new Blob(parts).arrayBuffer()], { type: file.type });
}

/**
 * Segments: 0xFF, a marker, a big-endian length that counts itself; the size is in a start-of-frame segment.
 *
 * @param {Uint8Array} bytes
 * @returns {Container}
 */
function readJpeg(bytes) {
  const view = viewOf(bytes);
  let width = 0;
  let height = 0;
  /** @type {Uint8Array | null} */
  let exif = null;
  /** @type {Edit[]} */
  const edits = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break; // pixels begin, or nothing more comes
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe1 && ascii(bytes, at + 4, 6) === EXIF_SIGNATURE) {
      exif ??= bytes.subarray(at + 10, end);
      edits.push({ start: at, end });
    } else if (isStartOfFrame(marker)) {
      height = view.getUint16(at + 5);
      width = view.getUint16(at + 7);
    }
    at = end;
  }
  return { width, height, exif, edits };
}

/** @param {number} marker 0xC0..0xCF but for the tables (DHT, JPG, DAC) among them */
function isStartOfFrame(marker) {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/**
 * Chunks: big-endian length, type, data, checksum; the size is in the first one.
 *
 * @param {Uint8Array} bytes
 * @returns {Container}
 */
function readPng(bytes) {
  const view = viewOf(bytes);
  /** @type {Uint8Array | null} */
  let exif = null;
  /** @type {Edit[]} */
  const edits = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (ascii(bytes, at + 4, 4) === 'eXIf') {
      exif ??= withoutSignature(bytes.subarray(at + 8, at + 8 + length));
      edits.push({ start: at, end: at + 12 + length });
    }
    at += 12 + length;
  }
  return { width: view.getUint32(16), height: view.getUint32(20), exif, edits };
}

/**
 * RIFF chunks: type, little-endian length, data, one byte more where the length is odd. The EXIF chunk comes last, and a
 * flag in the VP8X chunk announces it. It is renamed, not taken out: the length of the whole is in the file's header.
 *
 * @param {Uint8Array} bytes
 * @returns {Container}
 */
function readWebp(bytes) {
  const view = viewOf(bytes);
  let size = { width: 0, height: 0 };
  /** @type {Uint8Array | null} */
  let exif = null;
  /** @type {Edit[]} */
  const edits = [];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const type = ascii(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const data = at + 8;
    if (type === 'VP8X') {
      size = { width: 1 + uint24(view, data + 4), height: 1 + uint24(view, data + 7) };
      edits.push({ start: data, end: data + 1, bytes: Uint8Array.of(view.getUint8(data) & ~0x08) });
    } else if (type === 'VP8 ' && size.width === 0) {
      size = { width: view.getUint16(data + 6, true) & 0x3fff, height: view.getUint16(data + 8, true) & 0x3fff };
    } else if (type === 'VP8L' && size.width === 0) {
      const packed = view.getUint32(data + 1, true);
      size = { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
    } else if (type === 'EXIF') {
      exif ??= withoutSignature(bytes.subarray(data, data + length));
      edits.push({ start: at, end: at + 4, bytes: Uint8Array.from('NONE', (letter) => letter.charCodeAt(0)) });
    }
    at = data + length + (length % 2);
  }
  return { ...size, exif, edits: exif ? edits : [] };
}

/**
 * Outside JPEG the block is bare TIFF, but some writers keep JPEG's signature before it.
 *
 * @param {Uint8Array} block
 */
function withoutSignature(block) {
  return ascii(block, 0, 6) === EXIF_SIGNATURE ? block.subarray(6) : block;
}

/**
 * @param {DataView} view
 * @param {number} at
 */
function uint24(view, at) {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** @param {Uint8Array} bytes */
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
