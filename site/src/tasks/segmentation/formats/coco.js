/**
 * COCO's form of annotations (https://cocodataset.org/#format-data), an annotation for each class: as run lengths, which keep
 * every pixel, or as polygons, which more programs read. Ids of categories are one more than the model's class ids, as those
 * of detections.
 */

import { oneLine } from '../../../save/markup.js';
import { outlinesOf } from './outlines.js';
import { areaOf, compressed, runsOf } from './rle.js';

/** @typedef {import('../class-map.js').ClassIds} ClassIds */
/** @typedef {import('../types.js').Size} Size */
/** @typedef {Readonly<{label: string, classId: number}>} Class */
/** @typedef {Readonly<{size: [number, number], counts: string}>} Rle */

const IMAGE_ID = 1;

/**
 * @param {{name: string, size: Size}} photo the file that the annotations belong to, and its size
 * @param {ClassIds} map
 * @param {readonly Class[]} classes those that are annotated
 * @param {{form: 'rle' | 'polygons', known?: readonly string[]}} how known: what the model's classes are called
 * @returns {string}
 */
export function toCoco({ name, size }, map, classes, { form, known = [] }) {
  const names = new Map(known.map((label, classId) => [classId, label]));
  for (const { label, classId } of classes) names.set(classId, label);
  const dataset = {
    info: { description: `Areas in ${name}` },
    licenses: [],
    images: [{ id: IMAGE_ID, file_name: name, ...size }],
    annotations: classes.map(({ classId }, index) => {
      const runs = runsOf(map, classId, size);
      return {
        id: index + 1,
        image_id: IMAGE_ID,
        category_id: classId + 1,
        bbox: bboxOf(runs, size),
        area: areaOf(runs),
        segmentation: form === 'rle' ? rleOf(runs, size) : polygonsOf(map, classId, size),
        iscrowd: form === 'rle' ? 1 : 0, // to COCO's readers run lengths are what a crowd has
      };
    }),
    categories: [...names]
      .sort(([one], [other]) => one - other)
      .map(([classId, label]) => ({ id: classId + 1, name: oneLine(label) || `class_${classId}`, supercategory: '' })),
  };
  return `${JSON.stringify(dataset)}\n`;
}

/** @param {readonly number[]} runs @param {Size} size @returns {Rle} */
function rleOf(runs, { width, height }) {
  return { size: [height, width], counts: compressed(runs) };
}

/** @param {ClassIds} map @param {number} classId @param {Size} size @returns {number[][]} */
function polygonsOf(map, classId, { width, height }) {
  const [across, down] = [width / map.width, height / map.height];
  return outlinesOf(map, classId).map((corners) => corners.flatMap(([x, y]) => [rounded(x * across), rounded(y * down)]));
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toFixed(2));
}

/** @param {readonly number[]} runs @param {Size} size @returns {number[]} x, y, width, height */
function bboxOf(runs, { height }) {
  let [left, top, right, bottom, at] = [Infinity, Infinity, 0, 0, 0];
  runs.forEach((run, index) => {
    const last = at + run - 1;
    if (index % 2 === 1 && run > 0) {
      const isOneColumn = Math.floor(at / height) === Math.floor(last / height);
      left = Math.min(left, Math.floor(at / height));
      right = Math.max(right, Math.floor(last / height) + 1);
      top = Math.min(top, isOneColumn ? at % height : 0);
      bottom = Math.max(bottom, isOneColumn ? (last % height) + 1 : height);
    }
    at += run;
  });
  return right === 0 ? [0, 0, 0, 0] : [left, top, right - left, bottom - top];
}
