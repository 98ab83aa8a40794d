/**
 * A mask of each class, from the one that the API answers: an indexed PNG, whose pixels are class ids and whose palette has
 * the classes' colours. A chunk that makes all other entries of the palette transparent leaves the class alone, and the
 * pixels need not be read.
 *
 * Source: W3C PNG third edition, 5 "Datastream structure" and 11.3.1 "Transparency information".
 */

import { crc32 } from '../../save/crc32.js';
import { BadAnswer, insist } from '../checks.js';

const SIGNATURE = '\x89PNG\r\n\x1a\n';
const INDEXED = 3; // colour type
const HEADER_BYTES = 33; // the signature and the IHDR chunk
const CHUNK_BYTES = 12; // of a chunk without its data: length, type, checksum
const TEXT_BYTES = 32_768; // at once, for a function takes so many arguments

/**
 * @param {string} url a data URL of base64
 * @param {import('./types.js').Size} size of the picture, which the mask has to have
 * @returns {(classId: number) => string} a data URL of a PNG; '' for a class that has no entry in the palette, or where there
 *   is no palette, as of a model with more than 256 classes
 * @throws {import('../checks.js').BadAnswer}
 */
export function createMasks(url, size) {
  const text = atob(url.slice(url.indexOf(',') + 1));
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  insist(text.startsWith(SIGNATURE) && text.slice(12, 16) === 'IHDR' && bytes.length > HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  insist(view.getUint32(16) === size.width && view.getUint32(20) === size.height);
  if (view.getUint8(25) !== INDEXED) return () => '';
  const { end, entries } = paletteOf(view, text);
  return (classId) => {
    if (classId >= entries) return '';
    return urlOf([bytes.subarray(0, end), transparency(classId, entries), bytes.subarray(end)]);
  };
}

/**
 * @param {DataView} view
 * @param {string} text
 * @returns {{end: number, entries: number}} end: of the palette's chunk
 */
function paletteOf(view, text) {
  for (let at = HEADER_BYTES; at + CHUNK_BYTES <= text.length; at += CHUNK_BYTES + view.getUint32(at)) {
    const type = text.slice(at + 4, at + 8);
    const length = view.getUint32(at);
    insist(type !== 'IDAT' && type !== 'tRNS' && at + CHUNK_BYTES + length <= text.length);
    if (type === 'PLTE') return { end: at + CHUNK_BYTES + length, entries: length / 3 };
  }
  throw new BadAnswer('The mask has no palette.');
}

/**
 * A tRNS chunk.
 *
 * @param {number} classId the only one that is seen
 * @param {number} entries of the palette
 */
function transparency(classId, entries) {
  const chunk = new Uint8Array(CHUNK_BYTES + entries);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, entries);
  chunk.set(Uint8Array.from('tRNS', (letter) => letter.charCodeAt(0)), 4);
  chunk[8 + classId] = 255;
  view.setUint32(8 + entries, crc32(chunk.subarray(4, 8 + entries)));
  return chunk;
}

/** @param {readonly Uint8Array[]} parts */
function urlOf(parts) {
  let text = '';
  for (const part of parts) {
    for (let at = 0; at < part.length; at += TEXT_BYTES) text += String.fromCharCode(...part.subarray(at, at + TEXT_BYTES));
  }
  return `data:image/png;base64,${btoa(text)}`;
}
