/** A picture's pixels at another size, in each of the ways that networks were trained with. */

import { roundHalfEven } from './letterbox.js';
import { bicubicWindows, bilinearWindows, borderPairs, cornerPairs, outerPairs } from './positions.js';

/** @typedef {import('./positions.js').Pairs} Pairs */
/** @typedef {import('./positions.js').Windows} Windows */
/** @typedef {import('../types.js').InputSpec} InputSpec */
/** @typedef {import('../types.js').Size} Size */
/** @typedef {Readonly<{data: Uint8ClampedArray, width: number, height: number}>} Pixels RGBA, opaque, row after row */
/** @typedef {Readonly<{top: number, left: number} & Size>} Part of the scaled picture */
/** @typedef {Readonly<{start: number, stride: number}>} At where the part begins in a plane, and how long its rows are */

const CHANNELS = 3;
const SHARES = 2048; // OpenCV's

/**
 * Scale a picture, and write a part of it (0..255) into planes.
 *
 * @param {Pixels} pixels
 * @param {InputSpec['sampling']} sampling
 * @param {Size} scaled
 * @param {Part} part
 * @param {Float32Array[]} planes red, green and blue
 * @param {At} at
 */
export function scaleInto(pixels, sampling, scaled, part, planes, at) {
  if (sampling === 'antialias') return mixWindows(pixels, scaled, bilinearWindows, part, planes, at);
  if (sampling === 'bicubic') return mixWindows(pixels, scaled, bicubicWindows, part, planes, at);
  const isWhole = sampling === 'bilinear';
  const find = isWhole ? outerPairs : sampling === 'darknet' ? cornerPairs : borderPairs;
  const mix = isWhole ? mixWholePairs : mixPairs;
  return mix(pixels, find(pixels.height, scaled.height), find(pixels.width, scaled.width), part, planes, at);
}

/**
 * Only the four pixels around each sample are mixed, however large the picture is.
 *
 * @param {Pixels} pixels
 * @param {Pairs} down
 * @param {Pairs} across
 * @param {Part} part
 * @param {Float32Array[]} planes
 * @param {At} at
 */
function mixPairs({ data, width }, down, across, part, planes, { start, stride }) {
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const plane = /** @type {Float32Array} */ (planes[channel]);
    for (let row = 0; row < part.height; row += 1) {
      const y = row + part.top;
      const upper = (down.before[y] ?? 0) * width * 4 + channel;
      const lower = (down.after[y] ?? 0) * width * 4 + channel;
      const low = down.share[y] ?? 0;
      const to = start + row * stride;
      for (let column = 0; column < part.width; column += 1) {
        const x = column + part.left;
        const [left, right] = [(across.before[x] ?? 0) * 4, (across.after[x] ?? 0) * 4];
        const one = data[upper + left] ?? 0;
        const other = data[upper + right] ?? 0;
        const atLeft = one + ((data[lower + left] ?? 0) - one) * low;
        const atRight = other + ((data[lower + right] ?? 0) - other) * low;
        plane[to + column] = atLeft + (atRight - atLeft) * (across.share[x] ?? 0);
      }
    }
  }
}

/**
 * The same in whole numbers, as OpenCV mixes bytes: shares of 2048, and four bits less in between. Source: `HResizeLinear` and
 * `VResizeLinear` in https://github.com/opencv/opencv/blob/4.x/modules/imgproc/src/resize.cpp.
 *
 * @param {Pixels} pixels
 * @param {Pairs} down
 * @param {Pairs} across
 * @param {Part} part
 * @param {Float32Array[]} planes
 * @param {At} at
 */
function mixWholePairs({ data, width }, down, across, part, planes, { start, stride }) {
  const [far, low] = [across.share.map((share) => roundHalfEven(share * SHARES)), down.share.map((share) => roundHalfEven(share * SHARES))];
  const [near, high] = [across.share.map((share) => roundHalfEven((1 - share) * SHARES)), down.share.map((share) => roundHalfEven((1 - share) * SHARES))];
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const plane = /** @type {Float32Array} */ (planes[channel]);
    for (let row = 0; row < part.height; row += 1) {
      const y = row + part.top;
      const upper = (down.before[y] ?? 0) * width * 4 + channel;
      const lower = (down.after[y] ?? 0) * width * 4 + channel;
      const to = start + row * stride;
      for (let column = 0; column < part.width; column += 1) {
        const x = column + part.left;
        const [left, right] = [(across.before[x] ?? 0) * 4, (across.after[x] ?? 0) * 4];
        const [one, other] = [near[x] ?? 0, far[x] ?? 0];
        const above = ((data[upper + left] ?? 0) * one + (data[upper + right] ?? 0) * other) >> 4;
        const below = ((data[lower + left] ?? 0) * one + (data[lower + right] ?? 0) * other) >> 4;
        plane[to + column] = ((((high[y] ?? 0) * above) >> 16) + (((low[y] ?? 0) * below) >> 16) + 2) >> 2;
      }
    }
  }
}

/**
 * All pixels under a sample are mixed: along one axis, then along the other, rounded each time.
 *
 * @param {Pixels} pixels
 * @param {Size} scaled
 * @param {(length: number, samples: number) => Windows} find
 * @param {Part} part
 * @param {Float32Array[]} planes
 * @param {At} at
 */
function mixWindows({ data, width, height }, scaled, find, part, planes, { start, stride }) {
  const across = cut(find(width, scaled.width), part.left, part.width);
  const down = cut(find(height, scaled.height), part.top, part.height);
  // Pillow's order since version 13: https://github.com/python-pillow/Pillow/pull/9549.
  const isDownFirst = scaled.height < height && height - scaled.height > 2 * (width - scaled.width);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const own = new Uint8ClampedArray(width * height);
    for (let at = 0; at < own.length; at += 1) own[at] = data[at * 4 + channel] ?? 0;
    const mixed = isDownFirst
      ? mixAcross(mixDown(own, width, down), width, across)
      : mixDown(mixAcross(own, width, across), part.width, down);
    const plane = /** @type {Float32Array} */ (planes[channel]);
    for (let row = 0; row < part.height; row += 1) {
      plane.set(mixed.subarray(row * part.width, (row + 1) * part.width), start + row * stride);
    }
  }
}

/** @param {Windows} windows @param {number} from @param {number} count @returns {Windows} */
function cut({ first, weights }, from, count) {
  return { first: first.slice(from, from + count), weights: weights.slice(from, from + count) };
}

/** @param {Uint8ClampedArray} values rows of `width` @param {number} width @param {Windows} windows */
function mixAcross(values, width, { first, weights }) {
  const [rows, columns] = [values.length / width, weights.length];
  const mixed = new Uint8ClampedArray(rows * columns);
  weights.forEach((own, column) => {
    const begin = first[column] ?? 0;
    for (let row = 0; row < rows; row += 1) {
      let sum = 0.5;
      for (let each = 0, from = row * width + begin; each < own.length; each += 1, from += 1) sum += (own[each] ?? 0) * (values[from] ?? 0);
      mixed[row * columns + column] = Math.floor(sum); // the array alone would round halves to even
    }
  });
  return mixed;
}

/** @param {Uint8ClampedArray} values rows of `width` @param {number} width @param {Windows} windows */
function mixDown(values, width, { first, weights }) {
  const mixed = new Uint8ClampedArray(weights.length * width);
  weights.forEach((own, row) => {
    const begin = (first[row] ?? 0) * width;
    for (let column = 0; column < width; column += 1) {
      let sum = 0.5;
      for (let each = 0, from = begin + column; each < own.length; each += 1, from += width) sum += (own[each] ?? 0) * (values[from] ?? 0);
      mixed[row * width + column] = Math.floor(sum);
    }
  });
  return mixed;
}
