/**
 * COCO's forms of annotations: https://cocodataset.org/#format-data (object detection) and #format-results.
 *
 * Ids of categories are one more than the model's class ids, and annotations count from 1: some readers take a 0 for
 * "background" or for "no match".
 */

import { classNames, rounded } from './annotations.js';

/** @typedef {import('./annotations.js').Photo} Photo */
/** @typedef {import('../../../marks/types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */

const IMAGE_ID = 1;

/**
 * A data set of one photograph, as `instances_*.json` has it. The outline of an object is its box.
 *
 * @param {Photo} photo
 * @param {readonly Detection[]} detections
 * @param {Parameters<typeof classNames>[1]} [known] classes that are not among the detections
 * @returns {string}
 */
export function toCoco({ name, size }, detections, known) {
  const dataset = {
    info: { description: `Objects in ${name}` },
    licenses: [],
    images: [{ id: IMAGE_ID, file_name: name, width: size.width, height: size.height }],
    annotations: detections.map(({ classId, confidence, box }, index) => {
      const bbox = bboxOf(box);
      const outline = [box.x1, box.y1, box.x2, box.y1, box.x2, box.y2, box.x1, box.y2];
      return {
        id: index + 1,
        image_id: IMAGE_ID,
        category_id: classId + 1,
        bbox,
        area: rounded(/** @type {number} */ (bbox[2]) * /** @type {number} */ (bbox[3]), 3),
        segmentation: [outline.map((value) => rounded(value, 3))],
        iscrowd: 0,
        score: rounded(confidence, 6),
      };
    }),
    categories: [...classNames(detections, known)].map(([classId, label]) => ({
      id: classId + 1, name: label, supercategory: '',
    })),
  };
  return `${JSON.stringify(dataset, null, 2)}\n`;
}

/**
 * The list of results that COCO's evaluation compares with a data set.
 *
 * @param {readonly Detection[]} detections
 * @returns {string}
 */
export function toCocoResults(detections) {
  const results = detections.map(({ classId, confidence, box }) => ({
    image_id: IMAGE_ID, category_id: classId + 1, bbox: bboxOf(box), score: rounded(confidence, 6),
  }));
  return `${JSON.stringify(results, null, 2)}\n`;
}

/**
 * @param {Box} box
 * @returns {number[]} x, y, width, height
 */
function bboxOf({ x1, y1, x2, y2 }) {
  return [x1, y1, x2 - x1, y2 - y1].map((value) => rounded(value, 3));
}
