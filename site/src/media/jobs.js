/** The work that is done off the main thread, or on it where there is no other. No document is needed. */

import { suppress } from '../tasks/detection/nms.js';
import { placeLabels } from '../marks/label-placement.js';
import { prepareImage } from './prepare.js';

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Size} Size */

/** Each takes its input and a signal. */
export const jobs = Object.freeze({
  /**
   * @param {File} file
   * @param {AbortSignal} signal
   */
  prepare: (file, signal) => prepareImage(file, signal),

  /** @param {{candidates: readonly Detection[], limits: Parameters<typeof suppress>[1]}} input */
  suppress: ({ candidates, limits }) => suppress(candidates, limits),

  /** @param {{boxes: readonly Box[], labelSizes: readonly Size[], pictureSize: Size}} input */
  place: ({ boxes, labelSizes, pictureSize }) => placeLabels(boxes, labelSizes, pictureSize),
});

/** @typedef {typeof jobs} Jobs */
