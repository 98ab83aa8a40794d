/** The family "yolox": a row for each cell, with one box (api/tasks/detection/yolox.py, where the sources are). */

import { around, finish, readOptions } from './finish.js';

/** @typedef {import('./finish.js').Prediction} Prediction */

const STRIDES = [8, 16, 32];

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createYolox({ output, labels }) {
  return (outputs, letterbox, options) => {
    const { floor } = readOptions(options);
    const [cells] = Object.values(outputs);
    if (!cells) throw new Error('The network gave nothing.');
    const { data } = cells;
    const width = 5 + labels.length;
    const grid = output.decoded ? null : gridOf(letterbox.canvas);
    /** @type {Prediction[]} */
    const found = [];
    for (let row = 0, at = 0; at < data.length; row += 1, at += width) {
      const objectness = Number(data[at + 4]);
      if (objectness < floor) continue;
      const values = [0, 1, 2, 3].map((number) => Number(data[at + number]));
      const box = boxOf(values, grid?.[row]);
      for (let classId = 0; classId < labels.length; classId += 1) {
        const confidence = objectness * Number(data[at + 5 + classId]);
        if (confidence >= floor) found.push({ box, confidence, classId, row });
      }
    }
    return finish(found, letterbox, options, labels);
  };
}

/**
 * @param {readonly number[]} values
 * @param {Readonly<{column: number, row: number, stride: number}> | undefined} cell of which the values are, undefined if they
 *   are pixels
 */
function boxOf([x = 0, y = 0, width = 0, height = 0], cell) {
  if (!cell) return around(x, y, width, height);
  const { column, row, stride } = cell;
  return around((x + column) * stride, (y + row) * stride, Math.exp(width) * stride, Math.exp(height) * stride);
}

/** The cells, row by row, from fine to coarse. @param {import('../types.js').Size} canvas */
function gridOf({ width, height }) {
  return STRIDES.flatMap((stride) => {
    const columns = Math.floor(width / stride);
    const cells = Array.from({ length: columns * Math.floor(height / stride) }, (_, index) => index);
    return cells.map((index) => ({ column: index % columns, row: Math.floor(index / columns), stride }));
  });
}
