/** What the analysed frames of a video are called: in the archive of them, and where annotations refer to them. */

/** @param {number} index of the analysed frame */
export function frameName(index) {
  return `${String(index).padStart(5, '0')}.jpg`;
}
