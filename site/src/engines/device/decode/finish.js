/**
 * From boxes on the canvas to detections in the picture, as the API's JSON has them: `finish` of
 * api/tasks/detection/predictions.py.
 */

import { suppress } from '../../../tasks/detection/nms.js';
import { toPicture } from '../input/letterbox.js';

/** @typedef {import('../input/letterbox.js').Letterbox} Letterbox */
/** @typedef {import('../types.js').Options} Options */
/** @typedef {import('../../../marks/types.js').Box} Box */

/** @typedef {Readonly<{box: Box, confidence: number, classId: number, row: number}>} Prediction row: where it comes from in the outputs */
/**
 * @typedef {Readonly<{polygon?: number[][], keypoints?: Readonly<{name: string, x: number, y: number, confidence: number}>[]}>} Shape
 *   in pixels of the picture
 */

const CANDIDATE_CONFIDENCE = 0.05;
const CANDIDATES_MAX = 1_000;
const PREDICTIONS_MAX = 5_000;

/** @param {Options} options */
export function readOptions(options) {
  const confidence = Number(options.confidence ?? 0.25);
  const hasCandidates = String(options.candidates) === 'true';
  return {
    confidence,
    iou: Number(options.iou ?? 0.45),
    maxDetections: Number(options.max_detections ?? 100),
    hasCandidates,
    floor: hasCandidates ? Math.min(confidence, CANDIDATE_CONFIDENCE) : confidence,
  };
}

/**
 * @param {readonly Prediction[]} predictions in pixels of the canvas, of at least the floor's confidence
 * @param {Letterbox} letterbox
 * @param {Options} options
 * @param {readonly string[]} labels
 * @param {{suppresses?: boolean, shapeOf?: (kept: Prediction) => Shape}} [how] suppresses: false of a network that does so itself.
 *   shapeOf: of a detection, its box in pixels of the picture
 */
export function finish(predictions, letterbox, options, labels, { suppresses = true, shapeOf } = {}) {
  const { confidence, iou, maxDetections, hasCandidates } = readOptions(options);
  const best = [...predictions].sort((one, other) => other.confidence - one.confidence).slice(0, PREDICTIONS_MAX);
  const inPicture = best.map(placer(letterbox)).filter(({ box }) => box.x2 > box.x1 && box.y2 > box.y1);
  const confident = inPicture.filter((one) => one.confidence >= confidence);
  const kept = suppresses ? suppressed(confident, { confidence, iou, maxDetections }) : confident.slice(0, maxDetections);
  const candidates = inPicture.filter((one) => one.confidence >= CANDIDATE_CONFIDENCE).slice(0, CANDIDATES_MAX);
  return {
    detections: kept.map((one) => ({ ...named(one, labels), ...shapeOf?.(one) })),
    ...(hasCandidates ? { candidates: candidates.map((one) => named(one, labels)) } : {}),
  };
}

/**
 * @param {readonly Prediction[]} confident
 * @param {Parameters<typeof suppress>[1]} limits
 * @returns {readonly Prediction[]}
 */
function suppressed(confident, limits) {
  const unnamed = /** @type {import('../../../tasks/detection/types.js').Detection[]} */ (/** @type {unknown} */ (confident));
  return /** @type {Prediction[]} */ (/** @type {unknown} */ (suppress(unnamed, limits)));
}

/** Put boxes into the picture, cut off at its border. @param {Letterbox} letterbox */
function placer(letterbox) {
  const to = toPicture(letterbox);
  const { width, height } = letterbox.picture;
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(Math.max(value, 0), most);
  return (/** @type {Prediction} */ { box: { x1, y1, x2, y2 }, ...rest }) => ({
    ...rest,
    box: {
      x1: within(to.x(x1), width), y1: within(to.y(y1), height), x2: within(to.x(x2), width), y2: within(to.y(y2), height),
    },
  });
}

/** @param {Prediction} prediction @param {readonly string[]} labels */
function named({ classId, confidence, box }, labels) {
  return { label: labels[classId] ?? `class ${classId}`, class_id: classId, confidence: Math.min(confidence, 1), box };
}

/** @param {number} x @param {number} y @param {number} width @param {number} height @returns {Box} */
export function around(x, y, width, height) {
  return { x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2 };
}

/** @param {number} x */
export function sigmoid(x) {
  return 0.5 + 0.5 * Math.tanh(0.5 * x);
}
