/**
 * A class map as the API sends it: a PNG whose pixels are class ids, with a palette of their colours, or 16-bit grey for over
 * 256 classes (`encode_mask` in api/tasks/segmentation/task.py).
 *
 * Source: W3C PNG third edition, 5 "Datastream structure" and 11 "Chunk specifications".
 */

import { classColour } from '../../../marks/colour.js';
import { crc32 } from '../../../save/crc32.js';
import { dataUrlOf } from '../../../save/data-url.js';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const CHUNK_BYTES = 12; // of a chunk without its data: length, type, checksum
const [INDEXED, GREY] = [3, 0]; // colour types

/**
 * @param {Readonly<{ids: Uint8Array | Uint16Array, width: number, height: number}>} map
 * @param {number | null} background the class that is black
 * @returns {Promise<string>} a data URL
 */
export async function encodeClassMap({ ids, width, height }, background) {
  const isWide = ids instanceof Uint16Array;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, isWide ? 16 : 8);
  header.setUint8(9, isWide ? GREY : INDEXED);
  const parts = [
    SIGNATURE,
    chunk('IHDR', new Uint8Array(header.buffer)),
    ...(isWide ? [] : [chunk('PLTE', paletteTo(ids.reduce((most, id) => Math.max(most, id), 0), background))]),
    chunk('IDAT', await deflated(linesOf(ids, width, height))),
    chunk('IEND', new Uint8Array()),
  ];
  return dataUrlOf(new Blob(parts, { type: 'image/png' }));
}

/** Lines without a filter. @param {Uint8Array | Uint16Array} ids @param {number} width @param {number} height */
function linesOf(ids, width, height) {
  const each = ids.BYTES_PER_ELEMENT;
  const lines = new Uint8Array(height * (1 + width * each));
  const view = new DataView(lines.buffer);
  for (let y = 0; y < height; y += 1) {
    const start = y * (1 + width * each) + 1;
    const line = ids.subarray(y * width, (y + 1) * width);
    if (each === 1) lines.set(line, start);
    else line.forEach((id, x) => view.setUint16(start + 2 * x, id));
  }
  return lines;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} as zlib has it */
async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The colours as a canvas mixes them. @param {number} last @param {number | null} background */
function paletteTo(last, background) {
  const context = new OffscreenCanvas(last + 1, 1).getContext('2d');
  if (!context) throw new Error('This browser gives no canvas.');
  for (let classId = 0; classId <= last; classId += 1) {
    context.fillStyle = classId === background ? '#000' : classColour(classId);
    context.fillRect(classId, 0, 1, 1);
  }
  const { data } = context.getImageData(0, 0, last + 1, 1);
  return Uint8Array.from({ length: 3 * (last + 1) }, (_, at) => data[Math.floor(at / 3) * 4 + (at % 3)] ?? 0);
}

/** @param {string} type @param {Uint8Array<ArrayBuffer>} data */
function chunk(type, data) {
  const bytes = new Uint8Array(CHUNK_BYTES + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Uint8Array.from(type, (letter) => letter.charCodeAt(0)), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
