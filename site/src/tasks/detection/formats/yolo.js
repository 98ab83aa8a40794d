/**
 * Darknet's form of annotations, which most YOLO trainers read: for `dog.jpg` a file `dog.txt` of lines
 * `class centre-x centre-y width height`, in shares of the picture, and the names of the classes in another file.
 */

import { classNames, unknownClass } from './annotations.js';

/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../../../media/types.js').Size} Size */

const DIGITS = 6;

/**
 * @param {Size} size
 * @param {readonly Detection[]} detections
 * @returns {string}
 */
export function toYolo({ width, height }, detections) {
  return detections
    .map(({ classId, box: { x1, y1, x2, y2 } }) => {
      const shares = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
      return `${classId} ${shares.map((share) => share.toFixed(DIGITS)).join(' ')}\n`;
    })
    .join('');
}

/**
 * The names, one a line, in the order of the class ids.
 *
 * @param {readonly Detection[]} detections
 * @param {Parameters<typeof classNames>[1]} [known] classes that are not among the detections
 * @returns {string}
 */
export function toYoloNames(detections, known) {
  const names = classNames(detections, known);
  const count = Math.max(0, ...[...names.keys()].map((id) => id + 1));
  return Array.from({ length: count }, (_, id) => `${names.get(id) ?? unknownClass(id)}\n`).join('');
}
