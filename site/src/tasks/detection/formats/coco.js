/**
 * COCO's forms of annotations: https://cocodataset.org/#format-data (object detection, key points).
 *
 * Ids of categories are one more than the model's class ids, and annotations count from 1: some readers take a 0 for
 * "background" or for "no match".
 */

import { attributesOf, classNames, rounded } from './annotations.js';

/** @typedef {import('./annotations.js').Photo} Photo */
/** @typedef {import('../../../marks/types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Keypoint} Keypoint */
/** @typedef {import('../types.js').Point} Point */

const IMAGE_ID = 1;
const SEEN_CONFIDENCE = 0.5; // a key point below it counts as not seen

/**
 * A data set of one photograph, as `instances_*.json` has it. An object without an outline has that of its box.
 *
 * @param {Photo} photo
 * @param {readonly Detection[]} detections
 * @param {Parameters<typeof classNames>[1] & {skeleton?: readonly (readonly [string, string])[]}} [known] classes that are not
 *   among the detections, and which key points have a line between them
 * @returns {string}
 */
export function toCoco({ name, size }, detections, known) {
  const dataset = {
    info: { description: `Objects in ${name}` },
    licenses: [],
    images: [{ id: IMAGE_ID, file_name: name, width: size.width, height: size.height }],
    annotations: detections.map(({ classId, confidence, box, polygon, keypoints, attributes }, index) => {
      const bbox = bboxOf(box);
      const outline = (polygon ?? cornersOf(box)).map(({ x, y }) => ({ x: rounded(x, 3), y: rounded(y, 3) }));
      return {
        id: index + 1,
        image_id: IMAGE_ID,
        category_id: classId + 1,
        bbox,
        area: rounded(polygon ? areaOf(outline) : /** @type {number} */ (bbox[2]) * /** @type {number} */ (bbox[3]), 3),
        segmentation: [outline.flatMap(({ x, y }) => [x, y])],
        iscrowd: 0,
        score: rounded(confidence, 6),
        ...(keypoints ? keypointsOf(keypoints) : {}),
        ...attributesOf(attributes),
      };
    }),
    categories: [...classNames(detections, known)].map(([classId, label]) => ({
      id: classId + 1, name: label, supercategory: '', ...namesOfPoints(detections, classId, known?.skeleton ?? []),
    })),
  };
  return `${JSON.stringify(dataset, null, 2)}\n`;
}

/**
 * @param {Box} box
 * @returns {number[]} x, y, width, height
 */
function bboxOf({ x1, y1, x2, y2 }) {
  return [x1, y1, x2 - x1, y2 - y1].map((value) => rounded(value, 3));
}

/** Each as x, y and 2 if it is seen, 1 if it is only believed to be there. @param {readonly Keypoint[]} keypoints */
function keypointsOf(keypoints) {
  const written = keypoints.flatMap(({ x, y, confidence }) => {
    return [rounded(x, 3), rounded(y, 3), confidence >= SEEN_CONFIDENCE ? 2 : 1];
  });
  return { keypoints: written, num_keypoints: keypoints.length };
}

/**
 * A class's key points by name, and the lines between them by their places, which count from 1.
 *
 * @param {readonly Detection[]} detections
 * @param {number} classId
 * @param {readonly (readonly [string, string])[]} skeleton
 */
function namesOfPoints(detections, classId, skeleton) {
  const names = detections.find((one) => one.classId === classId && one.keypoints)?.keypoints?.map(({ name }) => name);
  if (!names) return {};
  const lines = skeleton.map((line) => line.map((name) => names.indexOf(name) + 1)).filter((line) => !line.includes(0));
  return { keypoints: names, skeleton: lines };
}

/**
 * @param {Box} box
 * @returns {Point[]}
 */
function cornersOf({ x1, y1, x2, y2 }) {
  return [{ x: x1, y: y1 }, { x: x2, y: y1 }, { x: x2, y: y2 }, { x: x1, y: y2 }];
}

/** @param {readonly Point[]} points of a polygon */
function areaOf(points) {
  let twice = 0;
  points.forEach(({ x, y }, index) => {
    const next = /** @type {Point} */ (points[(index + 1) % points.length]);
    twice += x * next.y - next.x * y;
  });
  return Math.abs(twice) / 2;
}
