/**
 * A Vite plugin that spares the visitors bytes while building: `photo.jpg?thumbnail` is the address of a small copy of the
 * photograph, and `photo.jpg?example` that of the photograph, or of a smaller copy where it is large.
 */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import jpeg from 'jpeg-js';
import { readContainer } from '../src/media/container.js';
import { fitWithin } from '../src/media/fit.js';
import { readOrientation, uprightMatrix, uprightSize } from '../src/media/orientation.js';

const QUERY = /\?(thumbnail|example)$/;
const THUMBNAIL_SIDE = 240; // more than is shown, for dense screens
const THUMBNAIL_MAX_BYTES = 10_000;
const EXAMPLE_MAX_BYTES = 250_000;
const EXAMPLE_SIDE = 1280; // what the page sends (src/media/prepare.js)
const QUALITIES = [90, 80, 70, 60, 50, 40, 30]; // the first that is small enough

/** @returns {import('vite').Plugin} */
export function thumbnails() {
  let isBuild = false;
  return {
    name: 'pagesight-thumbnails',
    enforce: 'pre',
    configResolved(config) {
      isBuild = config.command === 'build';
    },
    async load(id) {
      const kind = QUERY.exec(id)?.[1];
      if (!kind) return undefined;
      const path = id.replace(QUERY, '');
      const bytes = await readFile(path);
      const source = kind === 'thumbnail' ? await thumbnail(bytes) : isBuild ? await example(bytes) : bytes;
      if (!isBuild) return `export default 'data:image/jpeg;base64,${Buffer.from(source).toString('base64')}'`;
      const name = basename(path).replace(/\.\w+$/, kind === 'thumbnail' ? '-thumbnail.jpg' : '.jpg');
      return `export default import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name, source })}`;
    },
  };
}

/**
 * Make a small upright copy.
 *
 * @param {Uint8Array} bytes of a JPEG
 * @returns {Promise<Uint8Array>} a JPEG
 */
export async function thumbnail(bytes) {
  return encode(await upright(bytes, THUMBNAIL_SIDE), THUMBNAIL_MAX_BYTES);
}

/**
 * A photograph that is not too large to be an example: as it is, or a copy as large as the page would send it.
 *
 * @param {Uint8Array} bytes of a JPEG
 * @returns {Promise<Uint8Array>} a JPEG
 */
export async function example(bytes) {
  if (bytes.length <= EXAMPLE_MAX_BYTES) return bytes;
  return encode(await upright(bytes, EXAMPLE_SIDE), EXAMPLE_MAX_BYTES);
}

/**
 * @param {{width: number, height: number, data: Uint8Array}} photo RGBA
 * @param {number} maxBytes
 * @returns {Uint8Array} a JPEG, larger only where none is small enough
 */
function encode(photo, maxBytes) {
  let bytes = new Uint8Array();
  for (const quality of QUALITIES) {
    bytes = jpeg.encode(photo, quality).data;
    if (bytes.length <= maxBytes) break;
  }
  return bytes;
}

/**
 * @param {Uint8Array} bytes of a JPEG
 * @param {number} longestSide
 */
async function upright(bytes, longestSide) {
  const { exif } = await readContainer(new Blob([bytes]), 'jpeg');
  const photo = jpeg.decode(bytes, { useTArray: true, maxMemoryUsageInMB: 2048 });
  return turn(reduce(photo, fitWithin(photo, longestSide)), readOrientation(exif));
}

/**
 * Average the pixels that fall into each of the reduced ones.
 *
 * @param {{width: number, height: number, data: Uint8Array}} photo RGBA
 * @param {{width: number, height: number}} size not larger than the photo
 */
function reduce(photo, { width, height }) {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * photo.height) / height);
    const bottom = Math.floor(((y + 1) * photo.height) / height);
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * photo.width) / width);
      const right = Math.floor(((x + 1) * photo.width) / width);
      const sum = [0, 0, 0, 0];
      for (let row = top; row < bottom; row += 1) {
        for (let at = (row * photo.width + left) * 4; at < (row * photo.width + right) * 4; at += 1) {
          sum[at % 4] += photo.data[at];
        }
      }
      const pixels = (bottom - top) * (right - left);
      data.set(sum.map((total) => total / pixels), (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

/**
 * Put stored pixels upright.
 *
 * @param {{width: number, height: number, data: Uint8Array}} stored RGBA
 * @param {number} orientation 1..8
 */
function turn(stored, orientation) {
  const { width, height } = uprightSize(stored, orientation);
  const [a, b, c, d, e, f] = uprightMatrix(orientation, stored);
  const data = new Uint8Array(stored.data.length);
  for (let y = 0; y < stored.height; y += 1) {
    for (let x = 0; x < stored.width; x += 1) {
      // The matrix moves points; a pixel is the one in its middle.
      const toX = Math.floor(a * (x + 0.5) + c * (y + 0.5) + e);
      const toY = Math.floor(b * (x + 0.5) + d * (y + 0.5) + f);
      const from = (y * stored.width + x) * 4;
      data.set(stored.data.subarray(from, from + 4), (toY * width + toX) * 4);
    }
  }
  return { width, height, data };
}
