/** From a mask of one object, as a network gives it, to the polygon around its largest part (api/tasks/detection/masks.py). */

import { largestOutlineOf } from '../../../tasks/segmentation/formats/outlines.js';

/** @typedef {import('../../../marks/types.js').Box} Box */
/** @typedef {Readonly<{at: (index: number) => number, width: number, height: number}>} Mask at: its values, row after row */

const SAMPLES_PER_PIXEL = 2;
const TOLERANCE = 1.4; // samples: more than the steps of a slanted edge
const SAMPLES_MAX = 512; // on the longer side of a box: finer than any network's mask

/**
 * @param {Mask} mask
 * @param {Box} covers the part of the picture that it is of
 * @param {Box} box of the object, in pixels of the picture, too
 * @param {number} level over which the object is there: 0 for logits, 0.5 for probabilities
 * @returns {{polygon?: number[][]}} without one if nothing of it is in the box
 */
export function outlined(mask, covers, box, level = 0) {
  const [width, height] = [box.x2 - box.x1, box.y2 - box.y1];
  const density = Math.min(SAMPLES_PER_PIXEL, SAMPLES_MAX / Math.max(width, height));
  const [columns, rows] = [Math.ceil(width * density), Math.ceil(height * density)];
  const across = placesOf(columns, box.x1, width / columns, covers.x1, covers.x2, mask.width);
  const down = placesOf(rows, box.y1, height / rows, covers.y1, covers.y2, mask.height);
  const ids = new Uint8Array(columns * rows);
  down.forEach((y, row) => {
    across.forEach((x, column) => {
      if (valueAt(mask, x, y) > level) ids[row * columns + column] = 1;
    });
  });
  const corners = largestOutlineOf({ ids, width: columns, height: rows }, 1, TOLERANCE);
  if (corners.length < 3) return {};
  return { polygon: corners.map(([x, y]) => [box.x1 + (x * width) / columns, box.y1 + (y * height) / rows]) };
}

/**
 * Where the middles of the samples are in the mask.
 *
 * @param {number} count
 * @param {number} start
 * @param {number} step in pixels of the picture
 * @param {number} from
 * @param {number} to of the mask, in pixels of the picture
 * @param {number} length of it
 */
function placesOf(count, start, step, from, to, length) {
  return Float64Array.from({ length: count }, (_, index) => {
    const place = ((start + (index + 0.5) * step - from) * length) / (to - from) - 0.5;
    return Math.min(Math.max(place, 0), length - 1);
  });
}

/** Between its values it is interpolated. @param {Mask} mask @param {number} x @param {number} y */
function valueAt({ at, width, height }, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const above = at(top * width + left) + (at(top * width + right) - at(top * width + left)) * (x - left);
  const below = at(bottom * width + left) + (at(bottom * width + right) - at(bottom * width + left)) * (x - left);
  return above + (below - above) * (y - top);
}

/**
 * The canvas, in pixels of the picture.
 *
 * @param {import('../input/letterbox.js').Letterbox} letterbox
 * @param {ReturnType<typeof import('../input/letterbox.js').toPicture>} to
 * @returns {Box}
 */
export function canvasIn({ canvas }, to) {
  return { x1: to.x(0), y1: to.y(0), x2: to.x(canvas.width), y2: to.y(canvas.height) };
}
