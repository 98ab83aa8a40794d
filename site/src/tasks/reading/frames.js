/** What is read in a video: each frame as a photograph; on the timeline a lane for each text. */

import { createControls } from './controls.js';
import { parseLines } from './parse.js';
import { rowOf } from './task.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */

/** @type {import('../contract.js').Frames<Result, Shown, Choice>} */
export const frames = Object.freeze({
  glance: (/** @type {Readonly<Record<string, unknown>>} */ json) => parseLines(json, { width: 0, height: 0 }).lines.map(rowOf),
  controls: createControls,
});
