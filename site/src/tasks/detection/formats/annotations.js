/**
 * What every format of annotations is made of.
 *
 * @typedef {import('../types.js').Detection} Detection
 * @typedef {import('../../../media/types.js').Size} Size
 *
 * @typedef {Readonly<{name: string, size: Size}>} Photo the file that the boxes belong to, and its size in their pixels
 */

import { oneLine } from '../../../save/markup.js';

/**
 * Name the model's classes. Only those that were found are known by name.
 *
 * @param {readonly Detection[]} detections
 * @param {{classes?: Iterable<Readonly<{classId: number, label: string}>>, classCount?: number}} [known] classes:
 *   further ones, like those among the candidates; classCount: how many the model has
 * @returns {Map<number, string>} names of one line each by class id, ascending
 */
export function classNames(detections, { classes = [], classCount = 0 } = {}) {
  /** @type {Map<number, string>} */
  const names = new Map();
  for (let id = 0; id < classCount; id += 1) names.set(id, '');
  for (const { classId, label } of [...classes, ...detections]) names.set(classId, oneLine(label));
  const ascending = [...names].sort(([one], [other]) => one - other);
  return new Map(ascending.map(([id, name]) => [id, name || unknownClass(id)]));
}

/** @param {number} id */
export function unknownClass(id) {
  return `class_${id}`;
}

/**
 * Measure detections in a picture of another size, like the original that a smaller copy was sent of.
 *
 * @template {Detection} T
 * @param {readonly T[]} detections
 * @param {Size} from
 * @param {Size} to
 * @returns {T[]}
 */
export function scaleDetections(detections, from, to) {
  const [x, y] = [to.width / from.width, to.height / from.height];
  /** @template {import('../types.js').Point} P @param {P} point @returns {P} */
  const scaled = (point) => ({ ...point, x: point.x * x, y: point.y * y });
  return detections.map((detection) => {
    const { box, polygon, keypoints } = detection;
    return {
      ...detection,
      box: { x1: box.x1 * x, y1: box.y1 * y, x2: box.x2 * x, y2: box.y2 * y },
      ...(polygon ? { polygon: polygon.map(scaled) } : {}),
      ...(keypoints ? { keypoints: keypoints.map(scaled) } : {}),
    };
  });
}

/**
 * @param {number} value
 * @param {number} digits
 */
export function rounded(value, digits) {
  return Number(value.toFixed(digits));
}

/**
 * What attributes come to, by their names, as CVAT writes them.
 *
 * @param {Detection['attributes']} attributes
 */
export function attributesOf(attributes) {
  return attributes ? { attributes: Object.fromEntries(attributes.map(({ name, text }) => [name, text])) } : {};
}
