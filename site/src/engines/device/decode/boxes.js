/** The family "boxes": finished boxes, with a class and a score each (api/tasks/detection/boxes.py). */

import { toPicture } from '../input/letterbox.js';
import { createLabelFinder } from './class-ids.js';
import { finish, readOptions } from './finish.js';
import { canvasIn, outlined } from './outline.js';

const PROBABLE = 0.5;
/** Where left, top, right and bottom are. @type {Readonly<Record<string, readonly number[]>>} */
const ORDERS = { xyxy: [0, 1, 2, 3], yxyx: [1, 0, 3, 2] };

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createBoxes({ output, labels }) {
  const labelOf = createLabelFinder(output, labels);
  const [left = 0, top = 1, right = 2, bottom = 3] = ORDERS[output.order] ?? [];
  return (outputs, letterbox, options) => {
    const { floor } = readOptions(options);
    const [boxes, classes, scores, points] = ['boxes', 'classes', 'scores', 'keypoints'].map((name) => outputs[output[name]]?.data);
    const [width, height] = output.normalised ? [letterbox.canvas.width, letterbox.canvas.height] : [1, 1];
    const found = Array.from(scores ?? [], Number)
      .map((confidence, row) => {
        const at = (/** @type {number} */ number) => Number(boxes?.[row * 4 + number]);
        const box = { x1: at(left) * width, y1: at(top) * height, x2: at(right) * width, y2: at(bottom) * height };
        return { box, confidence, classId: labelOf(Math.trunc(Number(classes?.[row]))), row };
      })
      .filter(({ confidence, classId }) => confidence >= floor && classId >= 0);
    const to = toPicture(letterbox);
    /** @type {readonly string[]} */
    const names = points ? output.points : [];
    const masks = outputs[output.masks];
    const [rows = 0, columns = 0] = masks?.dims.slice(-2) ?? [];
    const covers = canvasIn(letterbox, to);
    return finish(found, letterbox, options, labels, {
      suppresses: false,
      shapeOf({ row, box, confidence }) {
        const valueOf = (/** @type {number} */ index) => Number(masks?.data[row * rows * columns + index]);
        const keypoints = names.map((name, index) => {
          const at = (row * names.length + index) * 3;
          return { name, x: to.x(Number(points?.[at])), y: to.y(Number(points?.[at + 1])), confidence };
        });
        return {
          ...(masks ? outlined({ at: valueOf, width: columns, height: rows }, covers, box, PROBABLE) : {}),
          ...(keypoints.length > 0 ? { keypoints } : {}),
        };
      },
    });
  };
}
