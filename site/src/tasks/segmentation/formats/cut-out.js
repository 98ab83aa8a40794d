/** One class cut out of the photograph: a PNG of the photograph's size that is transparent beside it. */

import { exportName } from '../../../save/names.js';

/** @typedef {import('../class-map.js').ClassIds} ClassIds */
/** @typedef {import('../types.js').Result} Result */

/**
 * @param {import('../../../save/formats.js').Subject} subject
 * @param {number} classId
 * @returns {Promise<import('../../../save/formats.js').Kept>}
 */
export async function cutOut({ name, answer, original }, classId) {
  const map = await /** @type {Result} */ (answer.result).classMap.read();
  const photograph = await original();
  try {
    const canvas = new OffscreenCanvas(photograph.width, photograph.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser gives no canvas.');
    context.drawImage(stencilOf(map, classId), 0, 0, canvas.width, canvas.height);
    context.globalCompositeOperation = 'source-in';
    context.drawImage(photograph, 0, 0);
    return { name: exportName(name, 'cutOut'), content: await canvas.convertToBlob({ type: 'image/png' }) };
  } finally {
    photograph.close();
  }
}

/** @param {ClassIds} map @param {number} classId @returns {OffscreenCanvas} */
function stencilOf({ ids, width, height }, classId) {
  const stencil = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  ids.forEach((id, at) => {
    if (id === classId) pixels.data[4 * at + 3] = 255;
  });
  stencil.getContext('2d')?.putImageData(pixels, 0, 0);
  return stencil;
}
