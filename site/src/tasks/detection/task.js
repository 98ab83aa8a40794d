/** Finding objects: boxes, with an outline and key points where the model gives them. */

import { classColour } from '../../marks/colour.js';
import { labelName, texts } from '../../texts/texts.js';
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
      { labelOf, nameOf: (one, place) => texts.boxName(one, place) },
      { skeleton, quiet: detections.map(({ label }) => blurred.includes(label)) },
    ),
  covered: ({ covered }) => covered,
  rows: ({ detections, listed, hidden, hasChips, isAdjustable }) =>
    hasChips || !isAdjustable ? detections.map(rowOf) : listed.map((one) => ({ ...rowOf(one), ...eyeOf(one, hidden) })),
  isEdited,
  discard: async (edits) => (await import('./edit/history.js')).discard(edits),
  words({ detections, rest }) {
    const known = detections.map(named);
    return {
      title: texts.summaryTitle(known.length + rest.hidden),
      sentence: texts.summarySentence(known, rest),
      spoken: texts.spoken(known, rest.hidden),
      alt: texts.resultAlt(known),
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
  const { confidence, iou, hidden, blurred, answered } = choice;
  const { shown, classes, sure, all } = filterDetections(candidates, { ...choice, maxDetections: answered.maxDetections });
  const isAsAnswered = confidence === answered.confidence && iou === answered.iou && hidden.length === 0;
  const seen = isAsAnswered ? detections : shown;
  const ofHiddenKinds = sure.filter(({ label }) => hidden.includes(label));
  const unsure = isAsAnswered ? [] : detections.filter((one) => one.confidence < confidence);
  const view = {
    detections: seen,
    listed: ofHiddenKinds.length > 0 ? sure.filter((one) => seen.includes(one) || ofHiddenKinds.includes(one)) : seen,
    hidden,
    classes,
    isAdjustable: candidates.length > 0,
    hasChips: isManyOfAKind(detections),
    rest: { isEdited: false, hidden: ofHiddenKinds.length + unsure.length, unsure: all, confidence },
    blurrable: blurrableOf(classes, blurred, edits),
    blurred,
    covered: regionsOf(result, choice, edits),
    result,
  };
  if (!edits || !isEdited(edits)) return view;
  const made = edits.detections;
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
function labelOf({ label, confidence }) {
  return `${label} ${texts.percent(confidence)}`;
}

/** @param {Detection} detection */
function rowOf({ label, confidence, classId }) {
  return { label: labelName(label), figure: texts.percent(confidence), share: confidence, colour: classColour(classId) };
}

/** What hides the kind of a row, and shows it. @param {Detection} detection @param {readonly string[]} hidden */
function eyeOf({ label }, hidden) {
  const isHidden = hidden.includes(label);
  return { isHidden, toggle: { hidden: isHidden ? hidden.filter((one) => one !== label) : [...hidden, label].sort() } };
}
