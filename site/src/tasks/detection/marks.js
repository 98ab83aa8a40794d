/** What is painted of detections: outline, box, key points and label, as the API draws them (api/tasks/detection/draw.py). */

import { classColour } from '../../marks/colour.js';

/** @typedef {import('./types.js').Detection} Detection */
/** @typedef {import('../../marks/types.js').Mark} Mark */
/** @typedef {import('../../marks/types.js').MarkGroup} MarkGroup */

const SEEN_CONFIDENCE = 0.5; // a key point below it is not painted

/**
 * @param {readonly Detection[]} detections
 * @param {{labelOf: (detection: Detection) => string, nameOf: (detection: Detection, place: number) => string}} words nameOf:
 *   for assistive technology; place counts from 1
 * @returns {MarkGroup[]}
 */
export function marksOf(detections, { labelOf, nameOf }) {
  return detections.map((detection, index) => {
    const { classId, box, polygon = [], keypoints = [] } = detection;
    const seen = keypoints.filter(({ confidence }) => confidence >= SEEN_CONFIDENCE);
    /** @type {Mark[]} */
    const marks = [
      ...(polygon.length > 0 ? [/** @type {const} */ ({ kind: 'polygon', points: polygon })] : []),
      { kind: 'rect', box },
      ...seen.map(({ x, y }) => /** @type {const} */ ({ kind: 'point', at: { x, y } })),
      { kind: 'label', text: labelOf(detection), box },
    ];
    return { name: nameOf(detection, index + 1), colour: classColour(classId), box, marks };
  });
}
