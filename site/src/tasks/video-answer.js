/** What every task's answer for a video has (openapi.yaml, VideoAnswer), checked field by field. */

import { insist, listOf, numberOf, objectOf, textOf } from './checks.js';

const SIDE_MAX = 65_535;
const FRAMES_MAX = 1_000_000;
const LONGEST_S = 1e6;
const NOTES_MAX = 20;

/**
 * @param {Readonly<Record<string, unknown>>} json
 * @returns {Readonly<{
 *   size: import('../media/types.js').Size,
 *   durationS: number,
 *   frames: readonly import('../app/video/track.js').FrameJson[],
 *   notes: readonly string[],
 * }>} frames: at least one, in order of time
 * @throws {import('./checks.js').BadAnswer}
 */
export function checkFrames(json) {
  const frames = listOf(json.frames, FRAMES_MAX).map((item) => {
    const frame = objectOf(item);
    return { ...frame, time_s: numberOf(frame.time_s, 0, LONGEST_S) };
  });
  insist(frames.length > 0);
  insist(frames.every(({ time_s: timeS }, index) => index === 0 || timeS > /** @type {{time_s: number}} */ (frames[index - 1]).time_s));
  return Object.freeze({
    size: { width: numberOf(json.width, 1, SIDE_MAX), height: numberOf(json.height, 1, SIDE_MAX) },
    durationS: numberOf(json.duration_s, 0, LONGEST_S),
    frames: Object.freeze(frames),
    notes: Object.freeze(listOf(json.notes ?? [], NOTES_MAX).map(textOf)),
  });
}
