/** Finding objects: boxes, with an outline and key points where the model gives them. */

import { classColour } from '../../marks/colour.js';
import { words } from '../../texts/tasks/words.js';
import { labelName, texts } from '../../texts/texts.js';
import { matcherOf } from '../search.js';
import { wordsOfStop } from '../stopped.js';
import { noteOf, searchedOf, shortNoteOf, withoutAttributes } from './attributes.js';
import { regionsOf } from './blur.js';
import { choiceForm } from './choice.js';
import { createControls } from './controls.js';
import { filterDetections } from './filter.js';
import { formats } from './formats/formats.js';
import { marksOf } from './marks.js';
import { parseDetections } from './parse.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Detection} Detection */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */
/** @typedef {import('./edit/history.js').History} History */

export { speakWords } from '../../texts/tasks/words.js';

const CHIPS_FROM_KINDS = 5;

/** @type {import('../contract.js').Task<Result, Shown, Choice, History>} */
export const detection = Object.freeze({
  id: 'detection',
  fields: { candidates: 'true' },
  fieldsOf: ({ confidence, iou, blurred }) => ({ confidence, iou, ...(blurred.length > 0 ? { blur: blurred.join(',') } : {}) }),
  parse: parseDetections,
  choice: choiceForm,
  refine,
  marks: ({ detections, blurred, result: { skeleton } }) =>
    marksOf(
      detections.map(named),
      { labelOf, nameOf: (one, place) => words.detection.box(one, place) + shortNoteOf(one) },
      { skeleton, quiet: detections.map(({ label }) => blurred.includes(label)) },
    ),
  covered: ({ covered }) => covered,
  rows: ({ detections, listed, hidden, hasChips, isAdjustable }) =>
    hasChips || !isAdjustable ? detections.map(rowOf) : listed.map((one) => ({ ...rowOf(one), ...eyeOf(one, hidden) })),
  isEdited,
  discard: async (edits) => (await import('./edit/history.js')).discard(edits),
  words({ detections, rest, result: { stopped } }) {
    if (stopped && !rest.isEdited) return wordsOfStop(stopped);
    const known = detections.map(named);
    return {
      title: words.detection.title(known.length + rest.hidden),
      sentence: words.detection.sentence(known, rest),
      spoken: words.detection.spoken(known, rest.hidden),
      alt: words.detection.alt(known),
    };
  },
  controls: createControls,
  formats,
  edit: () => import('./edit/editing.js'),
  frames: async () => (await import('./frames/frames.js')).frames,
  live: async () => (await import('./live.js')).live,
});

/**
 * @param {Result} result
 * @param {Choice} choice
 * @param {History | null} edits
 * @returns {Shown}
 */
function refine(result, choice, edits) {
  const { detections, candidates } = result;
  const { confidence, iou, find, hidden, blurred, answered } = choice;
  const isThere = matcherOf(find);
  // What is read in something that nobody may see, nobody may read.
  const discreet = (/** @type {Detection} */ one) => (blurred.includes(one.label) ? withoutAttributes(one) : one);
  const isWanted = (/** @type {Detection} */ one) => find === '' || isThere(searchedOf(discreet(one)));
  const { shown, classes, sure, all } = filterDetections(candidates, { ...choice, maxDetections: answered.maxDetections, isWanted });
  const isAsAnswered = confidence === answered.confidence && iou === answered.iou && hidden.length === 0 && find === '';
  const seen = isAsAnswered ? detections : shown;
  const ofHiddenKinds = sure.filter(({ label }) => hidden.includes(label));
  const unwanted = find === '' ? [] : sure.filter((one) => !hidden.includes(one.label) && !isWanted(one));
  const unsure = isAsAnswered ? [] : detections.filter((one) => one.confidence < confidence);
  const listed = ofHiddenKinds.length > 0 ? sure.filter((one) => seen.includes(one) || ofHiddenKinds.includes(one)) : seen;
  const view = {
    detections: blurred.length > 0 ? seen.map(discreet) : seen,
    listed: blurred.length > 0 ? listed.map(discreet) : listed,
    hidden,
    classes,
    isAdjustable: candidates.length > 0,
    hasChips: isManyOfAKind(detections),
    hasAttributes: candidates.some(({ attributes = [] }) => attributes.length > 0),
    rest: { isEdited: false, hidden: ofHiddenKinds.length + unwanted.length + unsure.length, unsure: all, confidence },
    blurrable: blurrableOf(classes, blurred, edits),
    blurred,
    covered: regionsOf(result, choice, edits),
    result,
  };
  if (!edits || !isEdited(edits)) return view;
  const made = edits.detections.map(discreet);
  return { ...view, detections: made, listed: made, isAdjustable: false, rest: { ...view.rest, isEdited: true, hidden: 0 } };
}

/**
 * Whether a list of all would be too long to hide kinds in it: by what was answered, so that it stays as it is while a slider
 * is moved.
 *
 * @param {readonly Detection[]} answered
 */
function isManyOfAKind(answered) {
  const kinds = new Set(answered.map(({ label }) => label));
  return kinds.size >= CHIPS_FROM_KINDS || kinds.size < answered.length;
}

/**
 * @param {readonly import('./types.js').ClassCount[]} classes
 * @param {readonly string[]} blurred
 * @param {History | null} edits
 * @returns {string[]} labels of what is seen, and of what is blurred though it is less sure
 */
function blurrableOf(classes, blurred, edits) {
  const seen = classes.filter(({ label, many }) => many > 0 || blurred.includes(label));
  return [...new Set([...seen, ...(edits?.detections ?? [])].map(({ label }) => label))];
}

/** @param {History} edits */
function isEdited({ detections, found }) {
  return detections !== found;
}

/** As it is called in the language that is spoken. @param {Detection} detection @returns {Detection} */
function named(detection) {
  return { ...detection, label: labelName(detection.label) };
}

/** @param {Detection} detection */
function labelOf(detection) {
  return `${detection.label} ${texts.percent(detection.confidence)}${shortNoteOf(detection)}`;
}

/** @param {Detection} detection */
function rowOf(detection) {
  const { label, confidence, classId } = detection;
  return { label: labelName(label), figure: texts.percent(confidence), share: confidence, colour: classColour(classId), ...noteOf(detection) };
}

/** What hides the kind of a row, and shows it. @param {Detection} detection @param {readonly string[]} hidden */
function eyeOf({ label }, hidden) {
  const isHidden = hidden.includes(label);
  return { isHidden, toggle: { hidden: isHidden ? hidden.filter((one) => one !== label) : [...hidden, label].sort() } };
}
