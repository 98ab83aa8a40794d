/**
 * Which class each pixel shows, read from the PNG that the API answers. A canvas would give colours, of which two classes may
 * have the same, and the browser's own decoder tells no indices.
 *
 * Source: W3C PNG third edition, 7.2 "Scanlines" and 9 "Filtering".
 */

import { insist } from '../checks.js';

/** @typedef {import('./types.js').Size} Size */
/** @typedef {Readonly<{ids: Uint8Array | Uint16Array} & Size>} ClassIds row after row */
/**
 * @typedef {Readonly<{read: () => Promise<ClassIds>, at: (x: number, y: number) => number | null}>} ClassMap at: null outside,
 *   and until it is read
 */

const SIGNATURE_BYTES = 8;
const CHUNK_BYTES = 12; // of a chunk without its data: length, type, checksum
const [INDEXED, GREY] = [3, 0]; // colour types

/**
 * @param {string} url a data URL of base64, whose header parseSegments has checked
 * @returns {ClassMap}
 */
export function createClassMap(url) {
  /** @type {ClassIds | null} */
  let known = null;
  /** @type {Promise<ClassIds> | undefined} */
  let reading;

  return Object.freeze({
    read: () => (reading ??= readClassIds(url).then((read) => (known = read))),
    at(x, y) {
      if (!known || x < 0 || y < 0 || x >= known.width || y >= known.height) return null;
      return known.ids[Math.floor(y) * known.width + Math.floor(x)] ?? null;
    },
  });
}

/** @param {string} url @returns {Promise<ClassIds>} */
async function readClassIds(url) {
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const [width, height, depth, colour, interlace] = [
    view.getUint32(16), view.getUint32(20), view.getUint8(24), view.getUint8(25), view.getUint8(28),
  ];
  insist(interlace === 0 && (colour === INDEXED || (colour === GREY && depth === 16)));
  const lineBytes = Math.ceil((width * depth) / 8);
  const lines = unfiltered(await inflated(dataOf(bytes, view)), lineBytes, height, Math.max(1, depth / 8));
  return Object.freeze({ ids: unpacked(lines, { width, height }, depth, lineBytes), width, height });
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {DataView} view @returns {Blob} what the IDAT chunks hold */
function dataOf(bytes, view) {
  const parts = [];
  for (let at = SIGNATURE_BYTES; at + CHUNK_BYTES <= bytes.length; at += CHUNK_BYTES + view.getUint32(at)) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return new Blob(parts);
}

/** @param {Blob} zlib */
async function inflated(zlib) {
  return new Uint8Array(await new Response(zlib.stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer());
}

/**
 * @param {Uint8Array} filtered a filter's number before each line
 * @param {number} lineBytes
 * @param {number} height
 * @param {number} pixelBytes how far the pixel at the left is
 * @returns {Uint8Array}
 */
function unfiltered(filtered, lineBytes, height, pixelBytes) {
  insist(filtered.length >= height * (lineBytes + 1));
  const lines = new Uint8Array(height * lineBytes);
  for (let y = 0; y < height; y += 1) {
    const filter = filtered[y * (lineBytes + 1)] ?? 0;
    for (let x = 0; x < lineBytes; x += 1) {
      const at = y * lineBytes + x;
      const left = x < pixelBytes ? 0 : lines[at - pixelBytes] ?? 0;
      const above = y === 0 ? 0 : lines[at - lineBytes] ?? 0;
      const corner = x < pixelBytes || y === 0 ? 0 : lines[at - lineBytes - pixelBytes] ?? 0;
      lines[at] = (filtered[at + y + 1] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return lines;
}

/** @param {number} filter @param {number} left @param {number} above @param {number} corner */
function predicted(filter, left, above, corner) {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  insist(filter === 4);
  const [toLeft, toAbove, toCorner] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/**
 * @param {Uint8Array} lines
 * @param {Size} size
 * @param {number} depth bits of a pixel: 1, 2, 4, 8 or 16
 * @param {number} lineBytes
 */
function unpacked(lines, { width, height }, depth, lineBytes) {
  if (depth === 8) return lines;
  const ids = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const [each, mask] = [8 / depth, (1 << depth) - 1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * lineBytes + (depth === 16 ? 2 * x : Math.floor(x / each));
      const byte = lines[at] ?? 0;
      const shift = 8 - depth * ((x % each) + 1);
      ids[y * width + x] = depth === 16 ? (byte << 8) | (lines[at + 1] ?? 0) : (byte >> shift) & mask;
    }
  }
  return ids;
}
