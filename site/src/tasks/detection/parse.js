/** The detections of an answer (openapi.yaml), checked field by field. */

import { classIdOf, insist, listOf, numberOf, objectOf, textOf } from '../checks.js';
import { stoppedIn } from '../stopped.js';
import { attributesOf } from './attributes.js';

/** @typedef {import('./types.js').Detection} Detection */
/** @typedef {import('../../media/types.js').Size} Size */

const DETECTIONS_MAX = 1000; // the most that the API ever returns, of detections and of candidates
const POINTS_MAX = 10_000;
const KEYPOINTS_MAX = 1000;
const FAR = 1_000_000; // an outline may leave the picture, as that of a turned box does

/**
 * @param {Readonly<Record<string, unknown>>} json
 * @param {Size} size
 * @returns {import('./types.js').Result}
 * @throws {import('../checks.js').BadAnswer}
 */
export function parseDetections(json, size) {
  const detections = detectionsOf(json.detections, size);
  // An API of an older version has no candidates: then what it detected is all there is to choose from.
  const candidates = json.candidates === undefined ? detections : detectionsOf(json.candidates, size);
  return Object.freeze({ detections, candidates: shareAttributes(candidates, detections), size, ...stoppedIn(json) });
}

/**
 * @param {unknown} value
 * @param {Size} size
 * @returns {readonly Detection[]}
 */
function detectionsOf(value, size) {
  return Object.freeze(listOf(value, DETECTIONS_MAX).map((item) => detectionOf(item, size)));
}

/**
 * @param {unknown} value
 * @param {Size} size
 * @returns {Detection}
 */
function detectionOf(value, { width, height }) {
  const { label, class_id: classId, confidence, box, polygon, keypoints, attributes } = objectOf(value);
  const { x1, y1, x2, y2 } = objectOf(box);
  const checked = {
    x1: numberOf(x1, 0, width),
    y1: numberOf(y1, 0, height),
    x2: numberOf(x2, 0, width),
    y2: numberOf(y2, 0, height),
  };
  insist(checked.x1 <= checked.x2 && checked.y1 <= checked.y2);
  return Object.freeze({
    label: textOf(label),
    classId: classIdOf(classId),
    confidence: numberOf(confidence, 0, 1),
    box: Object.freeze(checked),
    ...(polygon === undefined ? {} : { polygon: Object.freeze(listOf(polygon, POINTS_MAX).map(pointOf)) }),
    ...(keypoints === undefined ? {} : { keypoints: Object.freeze(listOf(keypoints, KEYPOINTS_MAX).map(keypointOf)) }),
    ...(attributes === undefined ? {} : { attributes: attributesOf(attributes) }),
  });
}

/** @param {unknown} value */
function pointOf(value) {
  const [x, y] = listOf(value, 2);
  return Object.freeze({ x: numberOf(x, -FAR, FAR), y: numberOf(y, -FAR, FAR) });
}

/** @param {unknown} value */
function keypointOf(value) {
  const { name, x, y, confidence } = objectOf(value);
  return Object.freeze({ name: textOf(name), ...pointOf([x, y]), confidence: numberOf(confidence, 0, 1) });
}

/**
 * Give candidates what is known of the detections that came of them.
 *
 * @param {readonly Detection[]} candidates
 * @param {readonly Detection[]} detections
 * @returns {readonly Detection[]}
 */
function shareAttributes(candidates, detections) {
  const known = new Map(detections.flatMap((one) => (one.attributes ? [[keyOf(one), one.attributes]] : [])));
  if (known.size === 0) return candidates;
  return Object.freeze(
    candidates.map((one) => {
      const attributes = one.attributes ?? known.get(keyOf(one));
      return attributes ? Object.freeze({ ...one, attributes }) : one;
    }),
  );
}

/** What tells a detection from others of its frame. @param {Detection} detection */
export function keyOf({ classId, box: { x1, y1, x2, y2 } }) {
  return [classId, x1, y1, x2, y2].join();
}
