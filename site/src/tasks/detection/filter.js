/**
 * What is shown of an answer's candidates under the visitor's choice. Quick enough to follow a slider.
 */

import { suppress } from './nms.js';

const anything = () => true;

/** @typedef {Pick<import('./types.js').Choice, 'confidence' | 'iou' | 'hidden'>} Choice */
/** @typedef {import('./types.js').ClassCount} ClassCount */
/** @typedef {import('./types.js').Detection} Detection */

/**
 * What suppression left of some candidates, at the overlap asked for last. Suppression never depends on less confident
 * candidates, so that a change of the confidence only cuts this off at another place.
 *
 * @type {WeakMap<readonly Detection[], {iou: number, kept: readonly Detection[]}>}
 */
const suppressed = new WeakMap();

/**
 * Choose what is shown.
 *
 * @param {readonly Detection[]} candidates never changed afterwards
 * @param {Choice & {maxDetections: number, isWanted?: (detection: Detection) => boolean}} choice isWanted: whether it has what is
 *   looked for
 * @returns {Readonly<{shown: readonly Detection[], classes: readonly ClassCount[], sure: readonly Detection[], all: number}>} shown: most
 *   confident first. classes: an entry for each class among the candidates, in the order of the most confident candidate;
 *   `many` counts what would be shown of it if it were not hidden. sure: those confident enough, hidden ones too;
 *   all: how many of any confidence
 */
export function filterDetections(candidates, { confidence, iou, hidden, maxDetections, isWanted = anything }) {
  const isHidden = new Set(hidden);
  const all = keptAt(candidates, iou);
  const confident = all.filter((detection) => detection.confidence >= confidence);
  const wanted = confident.filter(isWanted);
  const shown = wanted.filter(({ label }) => !isHidden.has(label)).slice(0, maxDetections);
  const classes = countClasses(candidates, wanted, isHidden);
  return { shown, classes, sure: confident, all: all.length };
}

/**
 * @param {readonly Detection[]} candidates
 * @param {number} iou
 */
function keptAt(candidates, iou) {
  const last = suppressed.get(candidates);
  if (last?.iou === iou) return last.kept;
  const kept = suppress(candidates, { confidence: 0, iou, maxDetections: Infinity });
  suppressed.set(candidates, { iou, kept });
  return kept;
}

/**
 * @param {readonly Detection[]} candidates
 * @param {readonly Detection[]} wanted
 * @param {ReadonlySet<string>} hidden
 * @returns {ClassCount[]}
 */
function countClasses(candidates, wanted, hidden) {
  /** @type {Map<string, {classId: number, label: string, many: number, hidden: boolean}>} */
  const counts = new Map();
  for (const { classId, label } of candidates) {
    if (!counts.has(label)) counts.set(label, { classId, label, many: 0, hidden: hidden.has(label) });
  }
  for (const { label } of wanted) {
    const count = counts.get(label);
    if (count) count.many += 1;
  }
  return [...counts.values()];
}
