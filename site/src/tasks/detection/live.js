/**
 * Detections of a camera: what was seen in the frame before stays while the model is nearly as sure of it, so that a box does not
 * come and go with the noise of the pictures (a threshold with hysteresis). Nothing is blurred: what moves would show between two frames.
 */

import { overlapsAny } from './nms.js';
import { detection as task } from './task.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */

const STAYS = 0.6; // of the confidence that it takes to appear
const SAME_OVERLAP = 0.3;

/** @param {Choice} choice @returns {Choice} */
const lowered = (choice) => ({ ...choice, blurred: [], confidence: choice.confidence * STAYS });

/** @type {import('../contract.js').Live<Result, Shown, Choice>} */
export const live = Object.freeze({
  fieldsOf: (choice) => task.fieldsOf(lowered(choice)),

  refine(result, choice, before) {
    const shown = task.refine(result, lowered(choice), null);
    const detections = shown.detections.filter((one) => {
      const was = before?.detections.filter(({ classId }) => classId === one.classId) ?? [];
      return one.confidence >= choice.confidence || overlapsAny(one, was, SAME_OVERLAP);
    });
    return { ...shown, detections, listed: detections, rest: { ...shown.rest, unsure: 0 } };
  },
});
