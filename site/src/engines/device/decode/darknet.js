/** The family "darknet": the raw outputs of [yolo] heads (api/tasks/detection/yolo.py, where the sources are). */

import { around, finish, readOptions, sigmoid } from './finish.js';

/** @typedef {Readonly<{anchors: readonly (readonly [number, number])[], classes: number, scale_x_y: number, new_coords: boolean}>} Head */
/** @typedef {import('./finish.js').Prediction} Prediction */
/** @typedef {import('../types.js').Output} Output */

const OBJECTNESS = 4;

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createDarknet({ output, labels }) {
  /** @type {readonly Head[]} */
  const heads = output.heads;
  return (outputs, letterbox, options) => {
    const { floor } = readOptions(options);
    const arrays = Object.values(outputs);
    const found = heads.flatMap((head, index) => decodeHead(/** @type {Output} */ (arrays[index]), head, letterbox.canvas, floor));
    return finish(found, letterbox, options, labels);
  };
}

/**
 * @param {Output} raw (1, anchors x (5 + classes), rows, columns)
 * @param {Head} head
 * @param {import('../types.js').Size} canvas
 * @param {number} floor
 */
function decodeHead({ data, dims }, head, canvas, floor) {
  const [rows = 1, columns = 1] = dims.slice(2);
  const cells = rows * columns;
  const activate = head.new_coords ? (/** @type {number} */ x) => x : sigmoid;
  /** @type {Prediction[]} */
  const found = [];
  head.anchors.forEach((anchor, index) => {
    const first = index * (5 + head.classes) * cells;
    for (let cell = 0; cell < cells; cell += 1) {
      const at = (/** @type {number} */ number) => Number(data[first + number * cells + cell]);
      const objectness = activate(at(OBJECTNESS));
      if (objectness < floor) continue;
      const box = boxOf(at, head, anchor, { column: cell % columns, row: Math.floor(cell / columns) }, canvas, { rows, columns });
      for (let classId = 0; classId < head.classes; classId += 1) {
        const confidence = objectness * activate(at(5 + classId));
        if (confidence >= floor) found.push({ box, confidence, classId, row: cell });
      }
    }
  });
  return found;
}

/**
 * @param {(number: number) => number} at
 * @param {Head} head
 * @param {readonly [number, number]} anchor
 * @param {{column: number, row: number}} place
 * @param {import('../types.js').Size} canvas
 * @param {{rows: number, columns: number}} grid
 */
function boxOf(at, { scale_x_y: spread, new_coords: isNew }, [anchorWidth, anchorHeight], { column, row }, canvas, { rows, columns }) {
  const centre = (/** @type {number} */ value) => (isNew ? value : sigmoid(value)) * spread - (spread - 1) / 2;
  const size = (/** @type {number} */ value) => (isNew ? (value * 2) ** 2 : Math.exp(value));
  return around(
    ((centre(at(0)) + column) * canvas.width) / columns,
    ((centre(at(1)) + row) * canvas.height) / rows,
    size(at(2)) * anchorWidth,
    size(at(3)) * anchorHeight,
  );
}
