/**
 * Which pixels of a side are mixed for each sample on it, and how: the ways of Darknet, PyTorch and OpenCV, which mix two, and
 * of Pillow, which mixes all that a sample covers.
 *
 * Sources: `resize_image` in https://github.com/pjreddie/darknet/blob/master/src/image.c, `align_corners=False` in
 * https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html, and `precompute_coeffs` in
 * https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c.
 */

/** @typedef {Readonly<{before: Int32Array, after: Int32Array, share: Float32Array}>} Pairs share: of the one after, 0..1 */
/** @typedef {Readonly<{first: Int32Array, weights: readonly Float64Array[]}>} Windows weights: from `first` on, 1 in all */

const { fround } = Math;

/** The corner pixels of both lie on each other. @param {number} length @param {number} samples @returns {Pairs} */
export function cornerPairs(length, samples) {
  const step = fround((length - 1) / Math.max(samples - 1, 1));
  return pairs(length, samples, (index) => fround(index * step));
}

/** The borders of both lie on each other. @param {number} length @param {number} samples @returns {Pairs} */
export function borderPairs(length, samples) {
  const step = fround(length / samples);
  return pairs(length, samples, (index) => {
    return Math.min(Math.max(fround(fround((index + 0.5) * step) - 0.5), 0), length - 1);
  });
}

/** The same as OpenCV has it, which beyond a border mixes the outermost pixel with itself. @param {number} length @param {number} samples @returns {Pairs} */
export function outerPairs(length, samples) {
  const found = { before: new Int32Array(samples), after: new Int32Array(samples), share: new Float32Array(samples) };
  const within = (/** @type {number} */ at) => Math.min(Math.max(at, 0), length - 1);
  for (let index = 0; index < samples; index += 1) {
    const position = fround((index + 0.5) * (length / samples) - 0.5);
    const before = Math.floor(position);
    found.before[index] = within(before);
    found.after[index] = within(before + 1);
    found.share[index] = position - before;
  }
  return found;
}

/** @param {number} length @param {number} samples @param {(index: number) => number} positionOf @returns {Pairs} */
function pairs(length, samples, positionOf) {
  const found = { before: new Int32Array(samples), after: new Int32Array(samples), share: new Float32Array(samples) };
  for (let index = 0; index < samples; index += 1) {
    const position = positionOf(index);
    const before = Math.min(Math.floor(position), Math.max(length - 2, 0));
    found.before[index] = before;
    found.after[index] = Math.min(before + 1, length - 1);
    found.share[index] = position - before;
  }
  return found;
}

/** @param {number} length @param {number} samples @returns {Windows} */
export const bilinearWindows = (length, samples) => windows(length, samples, 1, (x) => Math.max(0, 1 - Math.abs(x)));

/** @param {number} length @param {number} samples @returns {Windows} */
export const bicubicWindows = (length, samples) => windows(length, samples, 2, bicubic);

/** Keys' kernel with a = -0.5. @param {number} x */
function bicubic(x) {
  const distance = Math.abs(x);
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  return distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
}

/**
 * @param {number} length
 * @param {number} samples
 * @param {number} reach of the kernel
 * @param {(x: number) => number} kernel
 * @returns {Windows}
 */
function windows(length, samples, reach, kernel) {
  const scale = length / samples;
  const width = Math.max(scale, 1);
  const first = new Int32Array(samples);
  const weights = Array.from(first, (_, index) => {
    const centre = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach * width + 0.5));
    const end = Math.min(length, Math.trunc(centre + reach * width + 0.5));
    first[index] = start;
    const raw = Float64Array.from({ length: end - start }, (__, at) => kernel((at + start - centre + 0.5) / width));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return raw.map((weight) => weight / sum);
  });
  return { first, weights };
}
