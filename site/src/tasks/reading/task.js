/** Reading what is written: lines of text, each where it stands. */

import { classColour } from '../../marks/colour.js';
import { words } from '../../texts/tasks/words.js';
import { texts } from '../../texts/texts.js';
import { matcherOf } from '../search.js';
import { wordsOfStop } from '../stopped.js';
import { choiceForm } from './choice.js';
import { createControls } from './controls.js';
import { formats } from './formats/formats.js';
import { parseLines } from './parse.js';
import { isWithin } from './place.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Line} Line */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */

export { speakWords } from '../../texts/tasks/words.js';

const COLOUR = classColour(0); // a line is of no class

/** @type {import('../contract.js').Task<Result, Shown, Choice, null>} */
export const reading = Object.freeze({
  id: 'reading',
  fields: {},
  fieldsOf: ({ confidence }) => ({ text_confidence: confidence }),
  parse: parseLines,
  choice: choiceForm,
  refine,
  marks: ({ lines, found }) => found.map((line) => markOf(line, lines.indexOf(line) + 1)),
  rows: ({ found }) => found.map(rowOf),
  words: wordsOf,
  controls: createControls,
  formats,
  frames: async () => (await import('./frames.js')).frames,
});

/** What is shown of the same lines stays the same list, so that a selection in it stays. @type {WeakMap<Result, Shown>} */
const last = new WeakMap();

/** @param {Result} result @param {Choice} choice @returns {Shown} */
function refine(result, { confidence, find, answered }) {
  const sure = confidence === answered ? result.lines : result.lines.filter((line) => line.confidence >= confidence);
  const before = last.get(result)?.lines;
  const lines = before && before.length === sure.length && before.every((line, at) => line === sure[at]) ? before : sure;
  const isWanted = matcherOf(find);
  const found = find === '' ? lines : lines.filter(({ text }) => isWanted(text));
  const shown = { lines, found, find, size: result.size, isAdjustable: result.lines.length > 0, result };
  last.set(result, shown);
  return shown;
}

/** @param {Line} line @param {number} place counts from 1 */
function markOf({ text, polygon }, place) {
  return {
    name: words.reading.lineName(text, place),
    colour: COLOUR,
    box: null,
    covers: (/** @type {import('../../marks/types.js').Point} */ point) => isWithin(polygon, point),
    marks: [/** @type {const} */ ({ kind: 'polygon', points: polygon, isHollow: true })],
  };
}

/** @param {Line} line */
export function rowOf({ text, confidence }) {
  return { label: text, figure: texts.percent(confidence), share: confidence, colour: COLOUR };
}

/** @param {Shown} shown @returns {import('../contract.js').Words} */
function wordsOf({ lines, found, find, result }) {
  if (result.stopped) return wordsOfStop(result.stopped);
  const { title: titleOf, none, unsure, use, matches, alt } = words.reading;
  const title = titleOf(lines.length);
  const read = found.map(({ text }) => text).join(' ');
  const sentence = lines.length === 0 ? (result.lines.length > 0 ? unsure : none) : find === '' ? use : matches(found.length, lines.length);
  return { title, sentence, spoken: `${title}: ${find === '' && read ? read : sentence}`, alt: alt(read) };
}
