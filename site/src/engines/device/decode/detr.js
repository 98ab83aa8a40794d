/** The family "detr": queries, each with class logits and one box (api/tasks/detection/detr.py, where the sources are). */

import { createLabelFinder } from './class-ids.js';
import { toPicture } from '../input/letterbox.js';
import { around, finish, readOptions, sigmoid } from './finish.js';
import { canvasIn, outlined } from './outline.js';

/** @typedef {Readonly<{query: number, score: number, classId: number}>} Scored */

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createDetr({ output, labels }) {
  const labelOf = createLabelFinder(output, labels);
  return (outputs, letterbox, options) => {
    const { floor } = readOptions(options);
    const logits = outputs[output.logits];
    const boxes = outputs[output.boxes]?.data;
    if (!logits || !boxes) throw new Error('The network gave no logits or boxes.');
    const { width, height } = letterbox.canvas;
    const [queries = 0, classes = 0] = logits.dims.slice(-2);
    const values = Float32Array.from(logits.data, Number);
    const scored = output.activation === 'softmax' ? bySoftmax(values, queries, classes) : bySigmoid(values, queries, classes);
    const found = scored
      .map(({ query, score, classId }) => {
        const [x = 0, y = 0, w = 0, h = 0] = [0, 1, 2, 3].map((number) => Number(boxes[query * 4 + number]));
        const box = around(x * width, y * height, w * width, h * height);
        return { box, confidence: score, classId: labelOf(classId), row: query };
      })
      .filter(({ confidence, classId }) => confidence >= floor && classId >= 0);
    const masks = outputs[output.masks];
    if (!masks) return finish(found, letterbox, options, labels, { suppresses: false });
    const [rows = 0, columns = 0] = masks.dims.slice(-2);
    const covers = canvasIn(letterbox, toPicture(letterbox));
    return finish(found, letterbox, options, labels, {
      suppresses: false,
      shapeOf({ row, box }) {
        const at = (/** @type {number} */ index) => Number(masks.data[row * rows * columns + index]);
        return outlined({ at, width: columns, height: rows }, covers, box);
      },
    });
  };
}

/** The best pairs of query and class, as many as there are queries. @param {Float32Array} logits @param {number} queries @param {number} classes @returns {Scored[]} */
function bySigmoid(logits, queries, classes) {
  const order = Array.from(logits.keys()).sort((one, other) => (logits[other] ?? 0) - (logits[one] ?? 0));
  return order.slice(0, queries).map((at) => {
    return { query: Math.floor(at / classes), score: sigmoid(logits[at] ?? 0), classId: at % classes };
  });
}

/** Each query's best class; the last one is no object. @param {Float32Array} logits @param {number} queries @param {number} classes @returns {Scored[]} */
function bySoftmax(logits, queries, classes) {
  return Array.from({ length: queries }, (_, query) => {
    const own = logits.subarray(query * classes, (query + 1) * classes);
    const most = own.reduce((best, value) => Math.max(best, value), -Infinity);
    const sum = own.reduce((total, value) => total + Math.exp(value - most), 0);
    const objects = own.subarray(0, classes - 1);
    const classId = objects.reduce((best, value, index) => (value > (objects[best] ?? 0) ? index : best), 0);
    return { query, score: Math.exp((objects[classId] ?? 0) - most) / sum, classId };
  });
}
