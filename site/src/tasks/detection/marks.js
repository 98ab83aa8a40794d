/**
 * What is painted of detections: outline, box, what further models found in it, skeleton, key points and label, as the API
 * draws them (api/tasks/detection/draw.py).
 */

import { classColour } from '../../marks/colour.js';

/** @typedef {import('./types.js').Detection} Detection */
/** @typedef {import('../../marks/types.js').Mark} Mark */
/** @typedef {import('../../marks/types.js').MarkGroup} MarkGroup */

const SEEN_CONFIDENCE = 0.5; // a key point below it is not painted

/**
 * @param {readonly Detection[]} detections
 * @param {{labelOf: (detection: Detection) => string, nameOf: (detection: Detection, place: number) => string}} words nameOf:
 *   for assistive technology; place counts from 1
 * @param {{skeleton?: readonly (readonly [string, string])[], quiet?: readonly boolean[]}} [known] skeleton: pairs of key points
 *   by their names. quiet: of which only a box may be seen, while somebody points at it
 * @returns {MarkGroup[]}
 */
export function marksOf(detections, { labelOf, nameOf }, { skeleton = [], quiet = [] } = {}) {
  return detections.map((detection, index) => {
    const { classId, box } = detection;
    const isQuiet = quiet[index] ?? false;
    const { polygon = [], keypoints = [], attributes = [] } = isQuiet ? {} : detection;
    const seen = new Map(keypoints.filter(({ confidence }) => confidence >= SEEN_CONFIDENCE).map((point) => [point.name, point]));
    const lines = skeleton.flatMap(([from, to]) => lineOf(seen.get(from), seen.get(to)));
    /** @type {Mark[]} */
    const marks = [
      ...(polygon.length > 0 ? [/** @type {const} */ ({ kind: 'polygon', points: polygon })] : []),
      { kind: 'rect', box },
      ...attributes.flatMap(({ outlines }) => outlines.map((points) => /** @type {const} */ ({ kind: 'polygon', points, isHollow: true }))),
      ...lines,
      ...[...seen.values()].map(({ x, y }) => /** @type {const} */ ({ kind: 'point', at: { x, y } })),
      { kind: 'label', text: labelOf(detection), box },
    ];
    return { name: nameOf(detection, index + 1), colour: classColour(classId), box, marks, ...(isQuiet ? { isQuiet } : {}) };
  });
}

/**
 * @param {import('./types.js').Keypoint | undefined} from
 * @param {import('./types.js').Keypoint | undefined} to
 * @returns {Mark[]} none unless both are seen
 */
function lineOf(from, to) {
  return from && to ? [{ kind: 'line', from: { x: from.x, y: from.y }, to: { x: to.x, y: to.y } }] : [];
}
