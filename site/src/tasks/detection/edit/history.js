/**
 * Boxes corrected by a person. A history is a value: every edit returns a new one, and the steps before it stay to be
 * undone. Boxes stay in the picture and never become smaller than can be grasped.
 */

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../../../media/types.js').Size} Size */

/**
 * @typedef {Detection & Readonly<{edited?: true}>} EditedDetection
 *
 * @typedef {Readonly<{classId: number, label: string}>} LabelledClass
 *
 * @typedef {Readonly<{
 *   size: Size,
 *   found: readonly Detection[],
 *   detections: readonly EditedDetection[],
 *   past: readonly (readonly EditedDetection[])[],
 *   future: readonly (readonly EditedDetection[])[],
 *   gesture: string,
 * }>} History found: what the edits began with. gesture: what the newest step belongs to, '' when it stands for itself
 */

export const SHORTEST_SIDE = 4; // pixels of the picture
const STEPS_MAX = 200;

/**
 * Begin to edit.
 *
 * @param {readonly Detection[]} detections
 * @param {Size} size of the picture
 * @returns {History}
 */
export function beginEditing(detections, size) {
  const found = Object.freeze([...detections]);
  return Object.freeze({ size, found, detections: found, past: [], future: [], gesture: '' });
}

/**
 * Go back to what was found, in a step like any other.
 *
 * @param {History} history
 */
export function discard(history) {
  return step(history, history.found, '');
}

/**
 * Go on with edits that were discarded, over what is found now, under another choice of the visitor's.
 *
 * @param {History} history
 * @param {readonly Detection[]} detections
 * @returns {History}
 */
export function continueEditing(history, detections) {
  const isSame = history.found.length === detections.length && history.found.every((one, at) => one === detections[at]);
  if (history.detections !== history.found || isSame) return history;
  const found = Object.freeze([...detections]);
  return Object.freeze({ ...step(history, found, ''), found });
}

/**
 * Move a box; at the border of the picture it stops.
 *
 * @param {History} history
 * @param {number} index
 * @param {Readonly<{dx: number, dy: number}>} by
 * @param {string} [gesture] see `resizeBox`
 */
export function moveBox(history, index, { dx, dy }, gesture = '') {
  const { box } = detectionAt(history, index);
  const [width, height] = [box.x2 - box.x1, box.y2 - box.y1];
  const x1 = clamp(finite(box.x1 + dx), 0, history.size.width - width);
  const y1 = clamp(finite(box.y1 + dy), 0, history.size.height - height);
  return changeAt(history, index, { box: { x1, y1, x2: x1 + width, y2: y1 + height } }, gesture);
}

/**
 * Give a box other sides. Sides that have passed each other change places.
 *
 * @param {History} history
 * @param {number} index
 * @param {Box} box
 * @param {string} [gesture] names the drag or the run of key presses that this step is part of: the steps of one
 *   gesture are undone together
 */
export function resizeBox(history, index, box, gesture = '') {
  return changeAt(history, index, { box: fitBox(box, history.size) }, gesture);
}

/**
 * Say what a box holds. The confidence was that of another label; a person is sure.
 *
 * @param {History} history
 * @param {number} index
 * @param {LabelledClass} labelled
 */
export function relabelBox(history, index, { classId, label }) {
  const { classId: classBefore, label: labelBefore } = detectionAt(history, index);
  if (classId === classBefore && label === labelBefore) return history;
  return changeAt(history, index, { classId, label, confidence: 1 }, '');
}

/**
 * @param {History} history
 * @param {number} index
 */
export function deleteBox(history, index) {
  detectionAt(history, index);
  return step(history, history.detections.filter((_, at) => at !== index), '');
}

/**
 * Add a box that a person drew; it comes last.
 *
 * @param {History} history
 * @param {Box} box
 * @param {LabelledClass} labelled
 */
export function addBox(history, box, { classId, label }) {
  const fitted = Object.freeze(fitBox(box, history.size));
  /** @type {EditedDetection} */
  const added = Object.freeze({ label, classId, confidence: 1, box: fitted, edited: true });
  return step(history, [...history.detections, added], '');
}

/** @param {History} history */
export function undo(history) {
  const before = history.past.at(-1);
  if (!before) return history;
  const { past, detections, future } = history;
  return Object.freeze({
    ...history, detections: before, past: past.slice(0, -1), future: [detections, ...future], gesture: '',
  });
}

/** @param {History} history */
export function redo(history) {
  const [after, ...future] = history.future;
  if (!after) return history;
  return Object.freeze({
    ...history, detections: after, past: [...history.past, history.detections], future, gesture: '',
  });
}

/**
 * Find the class of a label that a person wrote: the known one of that name, else a new one.
 *
 * @param {string} label
 * @param {Iterable<LabelledClass>} known
 * @param {number} [classCount] how many classes the model has; ids of new ones come after them
 * @returns {LabelledClass}
 */
export function classOf(label, known, classCount = 0) {
  let next = classCount;
  for (const { classId, label: name } of known) {
    if (name === label) return { classId, label };
    next = Math.max(next, classId + 1);
  }
  return { classId: next, label };
}

/**
 * Bring a box into the picture: no side outside, none shorter than can be grasped.
 *
 * @param {Box} box
 * @param {Size} size
 * @returns {Box}
 */
export function fitBox(box, { width, height }) {
  const [x1, x2] = fitSides(box.x1, box.x2, width);
  const [y1, y2] = fitSides(box.y1, box.y2, height);
  return { x1, y1, x2, y2 };
}

/**
 * @param {number} one
 * @param {number} other
 * @param {number} length of the picture
 * @returns {[number, number]}
 */
function fitSides(one, other, length) {
  const shortest = Math.min(SHORTEST_SIDE, length);
  const low = clamp(Math.min(finite(one), finite(other)), 0, length);
  const high = clamp(Math.max(one, other), 0, length);
  if (high - low >= shortest) return [low, high];
  const start = clamp((low + high - shortest) / 2, 0, length - shortest);
  return [start, start + shortest];
}

/**
 * @param {History} history
 * @param {number} index
 * @param {Partial<Detection>} change
 * @param {string} gesture
 */
function changeAt(history, index, change, gesture) {
  const before = detectionAt(history, index);
  // An outline and key points are those of the box as it was found.
  const { polygon, keypoints, ...bare } = before;
  const box = Object.freeze(change.box ?? before.box);
  /** @type {EditedDetection} */
  const changed = Object.freeze({ ...(change.box ? bare : before), ...change, box, edited: true });
  return step(history, history.detections.map((one, at) => (at === index ? changed : one)), gesture);
}

/**
 * @param {History} history
 * @param {readonly EditedDetection[]} detections
 * @param {string} gesture
 * @returns {History}
 */
function step(history, detections, gesture) {
  const continues = gesture !== '' && gesture === history.gesture;
  const past = continues ? history.past : [...history.past, history.detections].slice(-STEPS_MAX);
  const { size, found } = history;
  return Object.freeze({ size, found, detections: Object.freeze(detections), past, future: [], gesture });
}

/**
 * @param {History} history
 * @param {number} index
 * @returns {EditedDetection}
 */
function detectionAt({ detections }, index) {
  const found = detections[index];
  if (!found) throw new RangeError(`there is no box ${index} among ${detections.length}`);
  return found;
}

/** @param {number} value */
function finite(value) {
  if (!Number.isFinite(value)) throw new RangeError(`a box cannot be at ${value}`);
  return value;
}

/**
 * @param {number} value
 * @param {number} lowest
 * @param {number} highest
 */
function clamp(value, lowest, highest) {
  return Math.max(lowest, Math.min(value, highest));
}
