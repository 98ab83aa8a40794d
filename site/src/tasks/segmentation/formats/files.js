/** Files of segments that are made of the class map. Loaded when one is asked for. */

import { exportName } from '../../../save/names.js';
import { toCoco } from './coco.js';

/** @typedef {import('../types.js').Result} Result */
/** @typedef {import('../types.js').Shown} Shown */

/**
 * @param {'rle' | 'polygons'} form
 * @param {import('../../../save/formats.js').Subject} subject
 * @returns {Promise<import('../../../save/formats.js').Kept>}
 */
export async function makeCoco(form, { name, answer, shown, labels, originalSize }) {
  const map = await /** @type {Result} */ (answer.result).classMap.read();
  const { segments } = /** @type {Shown} */ (shown);
  const json = toCoco({ name, size: await originalSize() }, map, segments, { form, known: await labels() });
  return { name: exportName(name, form), content: new Blob([json], { type: 'application/json' }) };
}
