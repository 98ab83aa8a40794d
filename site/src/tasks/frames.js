/** A task as it shows a video: what it shows of a photograph, at each moment, and what there is in all of the video. */

import { labelName } from '../texts/texts.js';
import { words } from '../texts/video/words.js';

/** @typedef {import('./contract.js').AnyTask} AnyTask */
/** @typedef {import('./contract.js').Row} Row */
/** @typedef {import('./contract.js').Thing} Thing */

/**
 * @typedef {Readonly<{near: any, other: any, share: number, timeS: number}>} Moment as app/video/track.js gives it
 *
 * @typedef {Readonly<{timeS: number, things: readonly Thing[], choice: any}>} Seen of the video, at a moment, as it is chosen
 */

/**
 * @param {{
 *   base: AnyTask,
 *   own: import('./contract.js').Frames<any, any, any>,
 *   things: readonly Thing[],
 *   formats: AnyTask['formats'],
 * }} parts things: those that were followed through the video, none if the task follows nothing
 * @returns {AnyTask} its results are moments
 */
export function framesTask({ base, own, things, formats }) {
  /** @param {any} shown @returns {readonly Row[]} */
  const rows = (shown) => own.rows?.(base.rows(shown), shown) ?? base.rows(shown);

  return Object.freeze({
    id: base.id,
    fields: base.fields,
    fieldsOf: base.fieldsOf,
    parse: base.parse,
    choice: base.choice,
    formats,
    rows,
    marks: base.marks,
    controls: own.controls,

    /** @param {Moment} moment @param {any} choice */
    refine({ near, other, share, timeS }, choice) {
      const chosen = own.choose?.(choice) ?? choice;
      const nearest = base.refine(near, chosen, null);
      const there = other && own.between ? own.between(nearest, other, share) : nearest;
      /** @type {Seen} */
      const seen = { timeS, things: things.filter((thing) => own.isSeen?.(thing, chosen) ?? true), choice: chosen };
      return { ...(own.finish?.(there, things, chosen) ?? there), seen };
    },

    words(shown) {
      const { seen } = /** @type {{seen: Seen}} */ (shown);
      const there = rows(shown);
      const named = there.map(({ label, figure }) => `${label} ${figure}`).join(', ');
      const alt = words.alt(seen.timeS, named);
      if (!own.things) return { ...base.words(shown), alt };
      const title = words.distinct(seen.things.length);
      const sentence = [countsOf(seen.things), words.now(seen.timeS, there.length)].filter(Boolean).join(' ');
      return { title, sentence, spoken: `${title}. ${countsOf(seen.things)}`, alt };
    },
  });
}

/** @param {readonly Thing[]} things */
function countsOf(things) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { label } of things) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = [...counts].sort(([, one], [, other]) => other - one);
  return most.length === 0 ? '' : `${most.map(([label, many]) => words.counted(labelName(label), many)).join(', ')}.`;
}
