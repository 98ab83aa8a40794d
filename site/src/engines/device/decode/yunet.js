/** The family "yunet": faces, with five points each (api/tasks/detection/yunet.py, where the source is). */

import { toPicture } from '../input/letterbox.js';
import { around, finish, readOptions } from './finish.js';

/** @typedef {import('./finish.js').Prediction} Prediction */
/** @typedef {import('../types.js').Outputs} Outputs */

const STRIDES = [8, 16, 32];
const POINTS = ['right_eye', 'left_eye', 'nose_tip', 'right_mouth_corner', 'left_mouth_corner'];

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createYunet({ labels }) {
  return (outputs, letterbox, options) => {
    const to = toPicture(letterbox);
    /** @type {(readonly (readonly [number, number])[])[]} */
    const points = [];
    const found = STRIDES.flatMap((stride) => decodeStride(outputs, stride, letterbox.canvas, readOptions(options).floor, points));
    return finish(found, letterbox, options, labels, {
      shapeOf: ({ row, confidence }) => ({
        keypoints: (points[row] ?? []).map(([x, y], index) => ({ name: POINTS[index] ?? '', x: to.x(x), y: to.y(y), confidence })),
      }),
    });
  };
}

/**
 * @param {Outputs} outputs
 * @param {number} stride
 * @param {import('../types.js').Size} canvas
 * @param {number} floor
 * @param {(readonly (readonly [number, number])[])[]} points gets those of each prediction, by its row
 */
function decodeStride(outputs, stride, canvas, floor, points) {
  const [classes, objects, boxes, keypoints] = ['cls', 'obj', 'bbox', 'kps'].map((name) => outputs[`${name}_${stride}`]?.data);
  const share = (/** @type {unknown} */ value) => Math.min(Math.max(Number(value), 0), 1);
  const columns = Math.floor(canvas.width / stride);
  /** @type {Prediction[]} */
  const found = [];
  for (let cell = 0; cell < (classes?.length ?? 0); cell += 1) {
    const confidence = Math.sqrt(share(classes?.[cell]) * share(objects?.[cell]));
    if (confidence < floor) continue;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const [x = 0, y = 0, width = 0, height = 0] = [0, 1, 2, 3].map((number) => Number(boxes?.[cell * 4 + number]));
    const box = around((column + x) * stride, (row + y) * stride, Math.exp(width) * stride, Math.exp(height) * stride);
    found.push({ box, confidence, classId: 0, row: points.length });
    points.push(POINTS.map((_, index) => {
      const at = cell * 2 * POINTS.length + 2 * index;
      return [(Number(keypoints?.[at]) + column) * stride, (Number(keypoints?.[at + 1]) + row) * stride];
    }));
  }
  return found;
}
