/**
 * A video's answer: what was found at each moment. Frames are analysed some times a second; between two of them what is
 * known of
 * both is given, and the task says what that makes.
 */

/** @typedef {Readonly<{time_s: number} & Record<string, unknown>>} FrameJson a frame of result.json */

/**
 * @template R
 * @typedef {Readonly<{
 *   index: number,
 *   timeS: number,
 *   near: R,
 *   other: R | null,
 *   share: number,
 * }>} Moment near: the result of the nearest analysed frame, and its index; other: of the next nearest on the other
 *   side of the
 *   moment; share: how far it is from the one to the other, 0..0.5
 */

/**
 * @template R
 * @param {{frames: readonly FrameJson[], parse: (json: FrameJson) => R}} parts frames: in order of time, at least one
 */
export function createTrack({ frames, parse }) {
  const times = Object.freeze(frames.map(({ time_s: timeS }) => timeS));
  /** @type {Map<number, R>} */
  const parsed = new Map();

  /** @param {number} index @returns {R} */
  function resultAt(index) {
    const known = parsed.get(index);
    if (known !== undefined) return known;
    const result = parse(/** @type {FrameJson} */ (frames[index]));
    parsed.set(index, result);
    return result;
  }

  /** @param {number} index @returns {number} */
  const timeOf = (index) => /** @type {number} */ (times[index]);

  return {
    times,
    resultAt,

    /** @param {number} timeS @returns {Moment<R>} */
    at(timeS) {
      const before = lastUpTo(times, timeS);
      const after = before + 1;
      if (before < 0) return { index: 0, timeS, near: resultAt(0), other: null, share: 0 };
      if (after >= times.length || timeS === timeOf(before)) {
        return { index: before, timeS, near: resultAt(before), other: null, share: 0 };
      }
      const share = (timeS - timeOf(before)) / (timeOf(after) - timeOf(before));
      const [index, other] = share <= 0.5 ? [before, after] : [after, before];
      return { index, timeS, near: resultAt(index), other: resultAt(other), share: Math.min(share, 1 - share) };
    },

    /** Just what was found in an analysed frame. @param {number} index @returns {Moment<R>} */
    exactly: (index) => ({ index, timeS: timeOf(index), near: resultAt(index), other: null, share: 0 }),

    /** The analysed frame before or after a moment. @param {number} timeS @param {number} by -1 or 1 @returns {number} its time */
    step(timeS, by) {
      const tolerance = 0.002; // a player is set a little behind a frame's own time, so that it shows that frame
      const at = lastUpTo(times, timeS + tolerance);
      const isOn = at >= 0 && Math.abs(timeOf(at) - timeS) <= tolerance;
      const next = by < 0 && !isOn ? at : at + by;
      return timeOf(Math.min(Math.max(next, 0), times.length - 1));
    },
  };
}

/**
 * @param {readonly number[]} times in order
 * @param {number} timeS
 * @returns {number} -1 if all are later
 */
function lastUpTo(times, timeS) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (times[middle]) <= timeS) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
