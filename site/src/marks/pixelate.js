/**
 * Makes regions of a picture unrecognisable, as the API does (api/tasks/detection/blur.py): each becomes a few blocks of the
 * mean colour of what was there, in coarse steps, so few that nothing else is left of it. No document is needed.
 */

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Size} Size */

const BLOCKS = 4; // along a region's longer side
const SMALLEST_BLOCK = 4; // in pixels
const COARSE = 32; // how far the possible levels of red, green and blue are apart

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context of a canvas that shows the whole picture
 * @param {readonly Box[]} regions
 * @param {Size} size of the picture that the regions are measured in
 */
export function pixelate(context, regions, size) {
  const { width, height } = context.canvas;
  const [across, down] = [width / size.width, height / size.height];
  for (const { x1, y1, x2, y2 } of regions) {
    const [left, top] = [Math.max(0, Math.floor(x1 * across)), Math.max(0, Math.floor(y1 * down))];
    const [right, bottom] = [Math.min(width, Math.ceil(x2 * across)), Math.min(height, Math.ceil(y2 * down))];
    if (right > left && bottom > top) pixelateRegion(context, left, top, right - left, bottom - top);
  }
}

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 */
function pixelateRegion(context, left, top, width, height) {
  const pixels = context.getImageData(left, top, width, height);
  const block = Math.max(SMALLEST_BLOCK, Math.max(width, height) / BLOCKS);
  const [across, down] = [Math.max(1, Math.round(width / block)), Math.max(1, Math.round(height / block))];
  for (let row = 0; row < down; row += 1) {
    for (let column = 0; column < across; column += 1) {
      const [x1, x2] = [Math.round((column * width) / across), Math.round(((column + 1) * width) / across)];
      const [y1, y2] = [Math.round((row * height) / down), Math.round(((row + 1) * height) / down)];
      fill(pixels, { x1, y1, x2, y2 }, coarseMean(pixels, { x1, y1, x2, y2 }));
    }
  }
  context.putImageData(pixels, left, top);
}

/** @param {ImageData} pixels @param {Box} block @returns {number[]} red, green, blue */
function coarseMean({ data, width }, { x1, y1, x2, y2 }) {
  const sums = [0, 0, 0];
  for (let y = y1; y < y2; y += 1) {
    for (let at = 4 * (y * width + x1); at < 4 * (y * width + x2); at += 4) {
      for (let channel = 0; channel < 3; channel += 1) sums[channel] = (sums[channel] ?? 0) + (data[at + channel] ?? 0);
    }
  }
  return sums.map((sum) => Math.floor(sum / ((x2 - x1) * (y2 - y1)) / COARSE) * COARSE + COARSE / 2);
}

/** @param {ImageData} pixels @param {Box} block @param {readonly number[]} colour */
function fill({ data, width }, { x1, y1, x2, y2 }, colour) {
  for (let y = y1; y < y2; y += 1) {
    for (let at = 4 * (y * width + x1); at < 4 * (y * width + x2); at += 4) data.set(colour, at);
  }
}
