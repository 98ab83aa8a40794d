/** Which class each part of a picture shows: masks over the photograph, and how much of it they cover. */

import { classColour } from '../../marks/colour.js';
import { words } from '../../texts/tasks/words.js';
import { labelName, texts } from '../../texts/texts.js';
import { wordsOfStop } from '../stopped.js';
import { choiceForm } from './choice.js';
import { createControls } from './controls.js';
import { formats } from './formats/formats.js';
import { parseSegments } from './parse.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Segment} Segment */
/** @typedef {import('./types.js').Shown} Shown */
/** @typedef {import('../../marks/types.js').Mark} Mark */

export { speakWords } from '../../texts/tasks/words.js';

/** @type {import('../contract.js').Task<Result, Shown, Choice, null>} */
export const segmentation = Object.freeze({
  id: 'segmentation',
  fields: {},
  fieldsOf: () => ({}),
  parse: parseSegments,
  choice: choiceForm,
  refine: ({ size, segments, background, classMap, stopped }, { opacity, hidden }) => ({
    size,
    all: segments,
    segments: segments.filter(({ label }) => !hidden.includes(label)),
    opacity,
    isAdjustable: segments.length > 0,
    classMap,
    named: [...segments, ...(background ? [background] : [])],
    ...(stopped ? { stopped } : {}),
  }),
  marks,
  rows: ({ segments }) =>
    segments.map(({ label, classId, share }) => {
      return { label: labelName(label), figure: texts.percent(share), share, colour: classColour(classId) };
    }),
  words({ all, segments, stopped }) {
    if (stopped) return wordsOfStop(stopped);
    const { title, none, allHidden, alt } = words.segmentation;
    const named = segments.map(nameOf).join(', ');
    const sentence = named || (all.length > 0 ? allHidden : none);
    return { title: title(all.length), sentence, spoken: `${title(all.length)}: ${sentence}`, alt: alt(named) };
  },
  controls: createControls,
  formats,
  frames: async () => (await import('./frames.js')).frames,
});

/** A mask of each class, which is no less clear for lying over another: no pixel has two. @param {Shown} shown */
function marks({ size: { width, height }, segments, opacity, classMap }) {
  const whole = { x1: 0, y1: 0, x2: width, y2: height };
  const corner = { x1: 0, y1: 0, x2: 0, y2: 0 };
  return segments.map((one) => {
    /** @type {Mark[]} */
    const painted = [
      ...(one.mask ? [/** @type {const} */ ({ kind: 'mask', url: one.mask, box: whole, opacity })] : []),
      { kind: 'label', text: nameOf(one), box: corner },
    ];
    const covers = (/** @type {import('../../marks/types.js').Point} */ { x, y }) => classMap.at(x, y) === one.classId;
    return { name: nameOf(one), colour: classColour(one.classId), box: null, covers, marks: painted };
  });
}

/** @param {Segment} one */
function nameOf({ label, share }) {
  return `${labelName(label)} ${texts.percent(share)}`;
}
