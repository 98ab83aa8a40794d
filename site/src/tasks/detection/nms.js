/**
 * Non-maximum suppression in the page: the same as the API's (`suppress` in api/tasks/detection/predictions.py), so the
 * visitor's settings give what the API would have answered. tests/api/web/test_candidates.py compares the two.
 */

/** @typedef {import('./types.js').Detection} Detection */

/**
 * Keep the candidates that no more confident one of their class overlaps by more than `iou`.
 *
 * @param {readonly Detection[]} candidates boxes clipped to the picture
 * @param {Readonly<{confidence: number, iou: number, maxDetections: number}>} limits
 * @returns {Detection[]} most confident first; equals stay in the order of the candidates
 */
export function suppress(candidates, { confidence, iou, maxDetections }) {
  const confident = candidates.filter((candidate) => candidate.confidence >= confidence);
  confident.sort((one, other) => other.confidence - one.confidence);
  /** @type {Map<number, Detection[]>} */
  const keptByClass = new Map();
  /** @type {Detection[]} */
  const kept = [];
  for (const candidate of confident) {
    if (kept.length >= maxDetections) break;
    const rivals = keptByClass.get(candidate.classId);
    if (!rivals) keptByClass.set(candidate.classId, [candidate]);
    else if (overlapsAny(candidate, rivals, iou)) continue;
    else rivals.push(candidate);
    kept.push(candidate);
  }
  return kept;
}

/**
 * @param {Detection} candidate
 * @param {readonly Detection[]} rivals
 * @param {number} iou
 */
export function overlapsAny({ box: { x1, y1, x2, y2 } }, rivals, iou) {
  const area = (x2 - x1) * (y2 - y1);
  for (const { box } of rivals) {
    const width = Math.min(x2, box.x2) - Math.max(x1, box.x1);
    if (width <= 0) continue;
    const height = Math.min(y2, box.y2) - Math.max(y1, box.y1);
    if (height <= 0) continue;
    const shared = width * height;
    if (shared > iou * (area + (box.x2 - box.x1) * (box.y2 - box.y1) - shared)) return true;
  }
  return false;
}
