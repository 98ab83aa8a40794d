/** Saying what a picture shows as a whole: labels with their probabilities. */

import { classColour } from '../../marks/colour.js';
import { texts } from '../../texts/texts.js';
import { formats } from './formats.js';
import { parseClasses } from './parse.js';

/** @typedef {import('./types.js').Class} Class */
/** @typedef {import('./types.js').Result} Result */

/** @type {import('../contract.js').Task<Result, import('./types.js').Shown, {}, null>} */
export const classification = Object.freeze({
  id: 'classification',
  fields: {},
  fieldsOf: () => ({}),
  parse: parseClasses,
  choice: { defaults: {}, read: () => ({}), write: () => [] },
  refine: (result) => ({ ...result, isAdjustable: false }),
  marks: ({ classes }) => classes.map(markOf),
  rows: ({ classes }) =>
    classes.map(({ label, classId, confidence }) => {
      return { label, figure: texts.percent(confidence), share: confidence, colour: classColour(classId) };
    }),
  words({ classes }) {
    const named = classes.map(nameOf).join(', ');
    const title = classes[0]?.label ?? '';
    const spoken = texts.classification.spoken(named);
    return { title, sentence: texts.classification.sentence, spoken, alt: texts.classification.alt(named) };
  },
  formats,
});

/** A label in the upper left corner, below those that are more probable. @param {Class} one */
function markOf(one) {
  const box = { x1: 0, y1: 0, x2: 0, y2: 0 };
  const label = /** @type {const} */ ({ kind: 'label', text: nameOf(one), box });
  return { name: nameOf(one), colour: classColour(one.classId), box: null, marks: [label] };
}

/** @param {Class} one */
function nameOf({ label, confidence }) {
  return `${label} ${texts.percent(confidence)}`;
}
