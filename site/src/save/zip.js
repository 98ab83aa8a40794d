/**
 * Several files as one: a ZIP archive without compression, since what it holds is small or compressed already.
 *
 * Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.4. No ZIP64: the whole stays far below 4 GiB.
 */

import { crc32 } from './crc32.js';

const TIME = 0;
const DATE = (1 << 5) | 1; // 1 January 1980, the first there is: when a picture was worked on is nobody's business
const NAMES_ARE_UTF8 = 0x0800;
const VERSION = 20;

/**
 * Pack files.
 *
 * @param {readonly Readonly<{name: string, content: Blob | string}>[]} files names may hold folders: `images/dog.jpg`
 * @returns {Promise<Blob>} application/zip
 */
export async function zip(files) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const directory = [];
  let offset = 0;
  for (const { name, content } of files) {
    const bytes = new Uint8Array(await new Blob([content]).arrayBuffer());
    const encoded = new TextEncoder().encode(name);
    const about = [
      u16(VERSION), u16(NAMES_ARE_UTF8), u16(0), u16(TIME), u16(DATE),
      u32(crc32(bytes)), u32(bytes.length), u32(bytes.length), u16(encoded.length), u16(0),
    ];
    const header = joined([u32(0x04034b50), ...about, encoded]);
    parts.push(header, bytes);
    directory.push(joined([
      u32(0x02014b50), u16(VERSION), ...about, u16(0), u16(0), u16(0), u32(0), u32(offset), encoded,
    ]));
    offset += header.length + bytes.length;
  }
  const listed = joined(directory);
  const end = joined([
    u32(0x06054b50), u16(0), u16(0), u16(files.length), u16(files.length), u32(listed.length), u32(offset), u16(0),
  ]);
  return new Blob([...parts, listed, end], { type: 'application/zip' });
}

/** @param {number} value */
function u16(value) {
  return Uint8Array.of(value, value >>> 8);
}

/** @param {number} value */
function u32(value) {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** @param {readonly Uint8Array[]} parts */
function joined(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
