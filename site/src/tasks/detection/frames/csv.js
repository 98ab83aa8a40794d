/** Detections of a video as a table: a row for each thing in each frame. */

import { toTable } from '../../../save/video/csv.js';
import { rounded } from '../formats/annotations.js';

/** @typedef {import('../types.js').Detection} Detection */

const COLUMNS = ['time_s', 'frame', 'track', 'label', 'confidence', 'x1', 'y1', 'x2', 'y2'];

/**
 * @param {readonly Readonly<{timeS: number, shown: {detections: readonly Detection[]}}>[]} frames
 * @returns {string}
 */
export function toCsv(frames) {
  const lines = frames.flatMap(({ timeS, shown }, frame) =>
    shown.detections.map(({ track, label, confidence, box: { x1, y1, x2, y2 } }) => {
      const place = [x1, y1, x2, y2].map((value) => rounded(value, 3));
      return [rounded(timeS, 6), frame, track ?? '', label, rounded(confidence, 6), ...place];
    }),
  );
  return toTable([COLUMNS, ...lines]);
}
