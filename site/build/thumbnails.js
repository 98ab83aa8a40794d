/**
 * A Vite plugin: `photo.jpg?thumbnail` is the address of a small copy of the photograph, made while building, so that
 * the examples cost a visitor kilobytes until one is chosen.
 */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import jpeg from 'jpeg-js';
import { readContainer } from '../src/media/container.js';
import { fitWithin } from '../src/media/fit.js';
import { readOrientation, uprightMatrix, uprightSize } from '../src/media/orientation.js';

const QUERY = '?thumbnail';
const LONGEST_SIDE = 360; // twice what is shown, for dense screens
const QUALITY = 72;

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
      if (!id.endsWith(QUERY)) return undefined;
      const path = id.slice(0, -QUERY.length);
      const source = await thumbnail(await readFile(path));
      if (!isBuild) return `export default 'data:image/jpeg;base64,${Buffer.from(source).toString('base64')}'`;
      const name = basename(path).replace(/\.\w+$/, '-thumbnail.jpg');
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
  const { exif } = await readContainer(new Blob([bytes]), 'jpeg');
  const photo = jpeg.decode(bytes, { useTArray: true, maxMemoryUsageInMB: 2048 });
  const small = turn(reduce(photo, fitWithin(photo, LONGEST_SIDE)), await readOrientation(exif));
  return jpeg.encode(small, QUALITY).data;
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
