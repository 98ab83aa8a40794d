/** Areas of a video: each frame as a photograph; the timeline needs only which there are. */

import { classColour } from '../../marks/colour.js';
import { texts } from '../../texts/texts.js';
import { classIdOf, listOf, numberOf, objectOf, textOf } from '../checks.js';
import { createControls } from './controls.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */

const CLASSES_MAX = 65_536;
const LEAST_SHARE = 0.01; // of the picture: what is smaller has no lane

/** @type {import('../contract.js').Frames<Result, Shown, Choice>} */
export const frames = Object.freeze({ glance, controls: createControls });

/** @param {Readonly<Record<string, unknown>>} json */
function glance(json) {
  const { labels, background } = objectOf(json.segments);
  return listOf(labels, CLASSES_MAX)
    .map(objectOf)
    .filter(({ class_id: classId, share }) => classId !== background && Number(share) >= LEAST_SHARE)
    .map(({ label, class_id: classId, share }) => {
      const covered = numberOf(share, 0, 1);
      return { label: textOf(label), figure: texts.percent(covered), share: covered, colour: classColour(classIdOf(classId)) };
    });
}
