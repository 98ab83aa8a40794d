/**
 * The family "ultralytics": YOLOv5 to YOLO26, raw or with the selection inside (api/tasks/detection/ultralytics.py, where the
 * layouts and sources are).
 */

import { toPicture } from '../input/letterbox.js';
import { around, finish, readOptions } from './finish.js';
import { canvasIn, outlined } from './outline.js';

/** @typedef {import('./finish.js').Prediction} Prediction */
/** @typedef {import('./finish.js').Shape} Shape */
/** @typedef {import('../input/letterbox.js').Letterbox} Letterbox */
/** @typedef {import('../../../marks/types.js').Box} Box */

/**
 * @typedef {Readonly<{version: number, end_to_end: boolean, task: string, keypoints?: readonly string[], has_confidence?: boolean,
 *   fractions?: boolean, masks_last?: boolean}>} Layout as a card's `output` has it
 * @typedef {(number: number) => number} Values of one prediction, by their place in it
 * @typedef {Readonly<{values: Values, confidence: number, classId: number, first: number}>} Read first: of the extras' places
 */

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createUltralytics({ output, labels }) {
  const layout = /** @type {Layout} */ (/** @type {unknown} */ (output));
  return (outputs, letterbox, options) => {
    const raw = Object.values(outputs).find(({ dims }) => dims.length === 3);
    if (!raw) throw new Error('The network gave no predictions.');
    const read = readRows(raw, layout, labels.length, readOptions(options).floor);
    const { width, height } = layout.fractions ? letterbox.canvas : { width: 1, height: 1 };
    const found = read.map(({ values, confidence, classId, first }, row) => {
      const four = /** @type {const} */ ([values(0) * width, values(1) * height, values(2) * width, values(3) * height]);
      return { box: boxOf(four, layout, angleOf(values, first, raw, layout)), confidence, classId, row };
    });
    const prototypes = Object.values(outputs).find(({ dims }) => dims.length === 4);
    const shapeOf = layout.task === 'segment' && prototypes ? masks(read, prototypes, layout, letterbox) : shapes(read, raw, layout, letterbox, { width, height });
    return finish(found, letterbox, options, labels, { suppresses: !layout.end_to_end, ...(shapeOf && { shapeOf }) });
  };
}

/** @param {import('../types.js').Output} raw @param {Layout} layout */
function shapeOfRaw({ dims }, layout) {
  const isColumns = layout.version === 8 && !layout.end_to_end;
  const [count = 0, width = 0] = isColumns ? [dims[2], dims[1]] : [dims[1], dims[2]];
  return { count, width, step: isColumns ? count : 1, each: isColumns ? 1 : width };
}

/**
 * A prediction counts for its most probable class only.
 *
 * @param {import('../types.js').Output} raw
 * @param {Layout} layout
 * @param {number} classes
 * @param {number} floor
 * @returns {Read[]}
 */
function readRows(raw, layout, classes, floor) {
  const { count, step, each } = shapeOfRaw(raw, layout);
  const { data } = raw;
  /** @type {Read[]} */
  const found = [];
  for (let row = 0; row < count; row += 1) {
    const values = (/** @type {number} */ number) => Number(data[row * each + number * step]);
    const sure = layout.version === 5 || layout.end_to_end ? values(4) : 1;
    if (sure < floor) continue;
    if (layout.end_to_end) {
      found.push({ values, confidence: sure, classId: Math.trunc(values(5)), first: 6 });
      continue;
    }
    const start = layout.version === 5 ? 5 : 4;
    let classId = 0;
    for (let other = 1; other < classes; other += 1) if (values(start + other) > values(start + classId)) classId = other;
    const confidence = Math.max(0, values(start + classId)) * sure;
    if (confidence >= floor) found.push({ values, confidence, classId, first: start + classes });
  }
  return found;
}

/** @param {Values} values @param {number} first @param {import('../types.js').Output} raw @param {Layout} layout */
function angleOf(values, first, raw, layout) {
  return layout.task === 'obb' ? values(Math.max(first, shapeOfRaw(raw, layout).width - 1)) : null;
}

/** @param {readonly [number, number, number, number]} four @param {Layout} layout @param {number | null} angle @returns {Box} */
function boxOf(four, layout, angle) {
  if (angle !== null) {
    const corners = cornersOf(four, angle);
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
  }
  return layout.end_to_end ? { x1: four[0], y1: four[1], x2: four[2], y2: four[3] } : around(...four);
}

/** @param {readonly [number, number, number, number]} four @param {number} angle in radians, clockwise @returns {(readonly [number, number])[]} */
function cornersOf([x, y, width, height], angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [alongX, alongY, acrossX, acrossY] = [(width / 2) * cos, (width / 2) * sin, (-height / 2) * sin, (height / 2) * cos];
  return [[1, 1], [1, -1], [-1, -1], [-1, 1]].map(([along = 0, across = 0]) => {
    return [x + along * alongX + across * acrossX, y + along * alongY + across * acrossY];
  });
}

/**
 * @param {readonly Read[]} read
 * @param {import('../types.js').Output} raw
 * @param {Layout} layout
 * @param {Letterbox} letterbox
 * @param {import('../types.js').Size} unit
 * @returns {((kept: Prediction) => Shape) | null}
 */
function shapes(read, raw, layout, letterbox, unit) {
  const to = toPicture(letterbox);
  const { width, height } = letterbox.picture;
  const at = (/** @type {Prediction} */ { row }) => /** @type {Read} */ (read[row]);
  if (layout.task === 'obb') {
    return (kept) => {
      const { values, first } = at(kept);
      const four = /** @type {const} */ ([values(0) * unit.width, values(1) * unit.height, values(2) * unit.width, values(3) * unit.height]);
      const corners = cornersOf(four, angleOf(values, first, raw, layout) ?? 0);
      return { polygon: corners.map(([x, y]) => [to.x(x), to.y(y)]) };
    };
  }
  if (layout.task !== 'pose') return null;
  const names = layout.keypoints ?? [];
  const hasConfidence = layout.has_confidence ?? true;
  return (kept) => {
    const { values, first } = at(kept);
    return {
      keypoints: names.map((name, index) => {
        const start = first + index * (hasConfidence ? 3 : 2);
        const x = Math.min(Math.max(to.x(values(start) * unit.width), 0), width);
        const y = Math.min(Math.max(to.y(values(start + 1) * unit.height), 0), height);
        return { name, x, y, confidence: hasConfidence ? Math.min(Math.max(values(start + 2), 0), 1) : 1 };
      }),
    };
  };
}

/**
 * The outlines of objects whose masks' logits are their coefficients times the prototypes.
 *
 * @param {readonly Read[]} read
 * @param {import('../types.js').Output} prototypes (1, masks, h, w), or (1, h, w, masks)
 * @param {Layout} layout
 * @param {Letterbox} letterbox
 * @returns {(kept: Prediction) => Shape}
 */
function masks(read, { data, dims }, { masks_last: isLast }, letterbox) {
  const [count = 0, height = 0, width = 0] = isLast ? [dims[3], dims[1], dims[2]] : dims.slice(1);
  const [step, each] = isLast ? [1, count] : [height * width, 1];
  const covers = canvasIn(letterbox, toPicture(letterbox));
  return ({ row, box }) => {
    const { values, first } = /** @type {Read} */ (read[row]);
    const logits = new Float32Array(height * width);
    for (let mask = 0; mask < count; mask += 1) {
      const coefficient = values(first + mask);
      for (let index = 0; index < logits.length; index += 1) {
        logits[index] = (logits[index] ?? 0) + coefficient * Number(data[mask * step + index * each]);
      }
    }
    return outlined({ at: (index) => logits[index] ?? 0, width, height }, covers, box);
  };
}
