/** Saying what a picture shows as a whole: labels with their probabilities, and what decided for the first. */

import { classColour } from '../../marks/colour.js';
import { words } from '../../texts/tasks/words.js';
import { labelName, texts } from '../../texts/texts.js';
import { wordsOfStop } from '../stopped.js';
import { choiceForm } from './choice.js';
import { createControls } from './controls.js';
import { formats } from './formats.js';
import { parseClasses } from './parse.js';

/** @typedef {import('./types.js').Class} Class */
/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */
/** @typedef {import('../../marks/types.js').Mark} Mark */

export { speakWords } from '../../texts/tasks/words.js';

/** @type {import('../contract.js').Task<Result, Shown, Choice, null>} */
export const classification = Object.freeze({
  id: 'classification',
  fields: {},
  fieldsOf: ({ top }) => ({ top }),
  parse: parseClasses,
  choice: choiceForm,
  refine: (result, { top, isExplained }) => ({
    classes: result.classes.slice(0, top),
    explanation: (isExplained && result.explanation) || null,
    result,
    isAdjustable: false,
  }),
  marks: ({ classes, explanation }) => classes.map((one, index) => markOf(one, index === 0 ? explanation : null)),
  rows: ({ classes }) =>
    classes.map(({ label, classId, confidence }) => {
      return { label: labelName(label), figure: texts.percent(confidence), share: confidence, colour: classColour(classId) };
    }),
  words({ classes, result: { stopped } }) {
    if (stopped) return wordsOfStop(stopped);
    const named = classes.map(nameOf).join(', ');
    const title = labelName(classes[0]?.label ?? '');
    const spoken = words.classification.spoken(named);
    return { title, sentence: words.classification.sentence, spoken, alt: words.classification.alt(named) };
  },
  controls: createControls,
  formats,
});

/**
 * A label in the upper left corner, below those that are more probable.
 *
 * @param {Class} one
 * @param {import('./types.js').Explanation | null} explanation
 */
function markOf(one, explanation) {
  const box = { x1: 0, y1: 0, x2: 0, y2: 0 };
  /** @type {Mark[]} */
  const marks = [
    ...(explanation ? [/** @type {const} */ ({ kind: 'mask', url: explanation.url, box: explanation.box })] : []),
    { kind: 'label', text: nameOf(one), box },
  ];
  return { name: nameOf(one), colour: classColour(one.classId), box: null, marks };
}

/** @param {Class} one */
function nameOf({ label, confidence }) {
  return `${labelName(label)} ${texts.percent(confidence)}`;
}
