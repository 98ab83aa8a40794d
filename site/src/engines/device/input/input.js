/** A picture's pixels to a network's input array: the same as `prepare_input` in api/models/input.py. */

import { scaleInto } from './scale.js';

/** @typedef {import('./letterbox.js').Letterbox} Letterbox */
/** @typedef {import('./scale.js').Pixels} Pixels */
/** @typedef {import('../types.js').InputSpec} InputSpec */

/**
 * @param {Pixels} pixels
 * @param {Letterbox} letterbox
 * @param {InputSpec} spec
 * @returns {Float32Array} (1, 3, height, width) of the canvas, padding around the picture
 */
export function prepareInput(pixels, letterbox, spec) {
  const { canvas, scaled } = letterbox;
  const plane = canvas.width * canvas.height;
  const array = new Float32Array(3 * plane);
  const [top, left] = [Math.max(0, letterbox.top), Math.max(0, letterbox.left)];
  const part = {
    top: top - letterbox.top,
    left: left - letterbox.left,
    height: Math.min(canvas.height, letterbox.top + scaled.height) - top,
    width: Math.min(canvas.width, letterbox.left + scaled.width) - left,
  };
  const at = { start: top * canvas.width + left, stride: canvas.width };
  const planes = [0, 1, 2].map((channel) => array.subarray(channel * plane, (channel + 1) * plane));
  const isPadded = part.height < canvas.height || part.width < canvas.width;
  if (isPadded && spec.pad !== null) array.fill(spec.pad);
  scaleInto(pixels, spec.sampling, scaled, part, spec.colour === 'rgb' ? planes : [...planes].reverse(), at);
  planes.forEach((one, channel) => normalise(one, spec, channel, spec.pad === null && isPadded ? { ...part, ...at } : null));
  return array;
}

/**
 * @param {Float32Array} plane
 * @param {InputSpec} spec
 * @param {number} channel
 * @param {{start: number, stride: number, width: number, height: number} | null} only the part around which the padding stays 0
 */
function normalise(plane, { scale, mean, std }, channel, only) {
  const factor = Math.fround(scale / (std[channel] ?? 1));
  const less = Math.fround((mean[channel] ?? 0) / (std[channel] ?? 1));
  if (factor === 1 && less === 0) return;
  const { start, stride, width, height } = only ?? { start: 0, stride: plane.length, width: plane.length, height: 1 };
  for (let row = 0; row < height; row += 1) {
    const from = start + row * stride;
    for (let at = from; at < from + width; at += 1) plane[at] = (plane[at] ?? 0) * factor - less;
  }
}
