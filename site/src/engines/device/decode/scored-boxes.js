/** The family "scored-boxes": a box for each place, and a probability for each class (api/tasks/detection/scored_boxes.py). */

import { finish, readOptions } from './finish.js';

/** @typedef {import('./finish.js').Prediction} Prediction */

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createScoredBoxes({ output, labels }) {
  return (outputs, letterbox, options) => {
    const { floor } = readOptions(options);
    const [boxes, scores] = [outputs.boxes?.data, outputs.scores];
    if (!boxes || !scores) throw new Error('The network gave no boxes or scores.');
    const columns = scores.dims.at(-1) ?? 1;
    /** @type {Prediction[]} */
    const found = [];
    scores.data.forEach((/** @type {number | bigint} */ score, /** @type {number} */ index) => {
      const confidence = Number(score);
      if (confidence < floor) return;
      const row = Math.floor(index / columns);
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [0, 1, 2, 3].map((number) => Number(boxes[row * 4 + number]));
      found.push({ box: { x1, y1, x2, y2 }, confidence, classId: (index % columns) + output.first, row });
    });
    return finish(found, letterbox, options, labels);
  };
}
