/**
 * Which regions of a picture are to be unrecognisable, as the API finds them (api/tasks/detection/blur.py): those of things
 * less sure than are shown too, each with a margin. One region too many is better than one too few.
 */

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Detection} Detection */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./edit/history.js').History} History */
/** @typedef {import('../../marks/types.js').Size} Size */

const CONFIDENCE = 0.1; // suffices for a region
const SAME_OBJECT_IOU = 0.45; // boxes that overlap by as much have one region
const MARGIN = 0.15; // of a region's width and height, on each side

/**
 * @param {Result} result
 * @param {Choice} choice
 * @param {History | null} edits what the visitor has drawn is covered, and what they have deleted or changed is not, nor what
 *   overlaps it
 * @returns {Box[]} of whole pixels
 */
export function regionsOf({ detections, candidates, size }, { blurred, confidence }, edits) {
  if (blurred.length === 0) return [];
  const isBlurred = (/** @type {Detection} */ { label }) => blurred.includes(label);
  const unsure = candidates.filter((one) => one.confidence >= Math.min(CONFIDENCE, confidence));
  const all = [...detections, ...unsure].filter(isBlurred).sort((one, other) => other.confidence - one.confidence);
  const made = edits?.detections ?? [];
  const gone = edits?.found.filter((one) => !made.includes(one)) ?? [];
  const left = all.filter(({ box }) => !gone.some((one) => overlap(box, one.box) > 0));
  return grouped([...made.filter(isBlurred), ...left].map(({ box }) => box)).map((box) => withMargin(box, size));
}

/** One box around those of each object. @param {readonly Box[]} boxes the most confident first @returns {Box[]} */
function grouped(boxes) {
  const [first] = boxes;
  if (!first) return [];
  const isSame = (/** @type {Box} */ box) => box === first || overlap(first, box) >= SAME_OBJECT_IOU;
  return [boxes.filter(isSame).reduce(around), ...grouped(boxes.filter((box) => !isSame(box)))];
}

/** @param {Box} one @param {Box} other @returns {Box} */
function around(one, other) {
  return {
    x1: Math.min(one.x1, other.x1),
    y1: Math.min(one.y1, other.y1),
    x2: Math.max(one.x2, other.x2),
    y2: Math.max(one.y2, other.y2),
  };
}

/** @param {Box} one @param {Box} other @returns {number} intersection over union */
function overlap(one, other) {
  const width = Math.min(one.x2, other.x2) - Math.max(one.x1, other.x1);
  const height = Math.min(one.y2, other.y2) - Math.max(one.y1, other.y1);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (areaOf(one) + areaOf(other) - width * height);
}

/** @param {Box} box */
function areaOf({ x1, y1, x2, y2 }) {
  return (x2 - x1) * (y2 - y1);
}

/** @param {Box} box @param {Size} size @returns {Box} */
function withMargin({ x1, y1, x2, y2 }, { width, height }) {
  const [across, down] = [MARGIN * (x2 - x1), MARGIN * (y2 - y1)];
  return {
    x1: Math.max(0, Math.floor(x1 - across)),
    y1: Math.max(0, Math.floor(y1 - down)),
    x2: Math.min(width, Math.ceil(x2 + across)),
    y2: Math.min(height, Math.ceil(y2 + down)),
  };
}
