/**
 * Types only.
 *
 * @typedef {import('../../marks/types.js').Box} Box
 * @typedef {import('../../marks/types.js').Point} Point
 *
 * @typedef {Readonly<{name: string, x: number, y: number, confidence: number}>} Keypoint
 *
 * @typedef {Readonly<{
 *   label: string,
 *   classId: number,
 *   confidence: number,
 *   box: Box,
 *   polygon?: readonly Point[],
 *   keypoints?: readonly Keypoint[],
 * }>} Detection confidence is 0..1; polygon, the outline, and keypoints are of models that give them
 *
 * @typedef {Readonly<{detections: readonly Detection[], candidates: readonly Detection[]}>} Result `candidates` stood before
 *   overlapping ones were dropped
 *
 * @typedef {Readonly<{classId: number, label: string, many: number, hidden: boolean}>} ClassCount
 *
 * @typedef {Readonly<{detections: readonly Detection[], classes: readonly ClassCount[], isAdjustable: boolean}>} Shown
 *
 * @typedef {Readonly<{confidence: number, iou: number, hidden: readonly string[]}>} Choice hidden: labels, in order
 */

export {};
