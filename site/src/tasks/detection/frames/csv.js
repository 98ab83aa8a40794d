/** Detections of a video as a table: a row for each thing in each frame. */

import { rounded } from '../formats/annotations.js';
import { toCsv as toTable } from '../formats/table.js';

/** @typedef {import('../types.js').Detection} Detection */

/**
 * @param {readonly Readonly<{timeS: number, shown: {detections: readonly Detection[]}}>[]} frames
 * @returns {string}
 */
export function toCsv(frames) {
  const lines = frames.flatMap(({ timeS, shown }, frame) =>
    shown.detections.map((one) => ({ one, before: [rounded(timeS, 6), frame, one.track ?? ''] })),
  );
  return toTable(lines, ['time_s', 'frame', 'track']);
}
