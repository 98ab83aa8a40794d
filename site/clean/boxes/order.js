/** Which photograph comes next, and what is sent of its boxes. */

/** @typedef {Readonly<{id: number, name: string, saved: boolean}>} Photograph */
/** @typedef {import('../../src/tasks/detection/edit/history.js').EditedDetection} EditedDetection */

/**
 * @param {readonly Photograph[]} photographs
 * @param {number | null} id of the one that is looked at
 * @param {number} by 1 or -1
 * @param {boolean} isOpenOnly whether those that are saved are passed over
 * @returns {number | null} null if there is none on that side
 */
export function nextOf(photographs, id, by, isOpenOnly) {
  for (let at = photographs.findIndex((one) => one.id === id) + by; at >= 0 && at < photographs.length; at += by) {
    const one = photographs[at];
    if (one && !(isOpenOnly && one.saved)) return one.id;
  }
  return null;
}

/**
 * Those that nobody has touched are named by their number in the file, which keeps what it knows of them.
 *
 * @param {readonly (EditedDetection & {annotation?: number})[]} detections
 */
export function boxesOf(detections) {
  return detections.map(({ label, box, annotation, edited }) => (annotation !== undefined && !edited ? { annotation } : { label, box }));
}
