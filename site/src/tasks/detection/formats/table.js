/** Detections as lines of a table, with a column for each attribute that any of them has. */

import { toTable } from '../../../save/video/csv.js';
import { rounded } from './annotations.js';

/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {string | number} Cell */

const COLUMNS = ['label', 'confidence', 'x1', 'y1', 'x2', 'y2'];

/**
 * @param {readonly Readonly<{one: Detection, before?: readonly Cell[]}>[]} lines before: what stands before a detection
 * @param {readonly string[]} [names] of the columns before it
 * @returns {string} RFC 4180
 */
export function toCsv(lines, names = []) {
  const attributes = [...new Set(lines.flatMap(({ one }) => one.attributes?.map(({ name }) => name) ?? []))].sort();
  const written = lines.map(({ one, before = [] }) => {
    const { label, confidence, box: { x1, y1, x2, y2 } } = one;
    const place = [x1, y1, x2, y2].map((value) => rounded(value, 3));
    const known = new Map(one.attributes?.map(({ name, text }) => [name, text]));
    return [...before, label, rounded(confidence, 6), ...place, ...attributes.map((name) => known.get(name) ?? '')];
  });
  return toTable([[...names, ...COLUMNS, ...attributes], ...written]);
}
