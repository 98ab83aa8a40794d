/** Finding objects: boxes, with an outline and key points where the model gives them. */

import { classColour } from '../../marks/colour.js';
import { texts } from '../../texts/texts.js';
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

/** @type {import('../contract.js').Task<Result, Shown, Choice, History>} */
export const detection = Object.freeze({
  id: 'detection',
  fields: { candidates: 'true' },
  fieldsOf: ({ confidence, iou, blurred }) => ({ confidence, iou, ...(blurred.length > 0 ? { blur: blurred.join(',') } : {}) }),
  parse: parseDetections,
  choice: choiceForm,
  refine,
  marks: ({ detections, blurred, result: { skeleton } }) =>
    marksOf(detections, { labelOf, nameOf: (one, place) => texts.boxName(one, place) }, { skeleton, blurred }),
  covered: ({ covered }) => covered,
  rows: ({ detections }) => detections.map(rowOf),
  isEdited,
  discard: async (edits) => (await import('./edit/history.js')).discard(edits),
  words: ({ detections, nothing }) => ({
    title: texts.summaryTitle(detections.length),
    sentence: texts.summarySentence(detections, nothing),
    spoken: texts.spoken(detections),
    alt: texts.resultAlt(detections),
  }),
  controls: createControls,
  formats,
  edit: () => import('./edit/editing.js'),
  frames: async () => (await import('./frames/frames.js')).frames,
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
  const nothing = { isEdited: false, filtered: Math.max(sure, detections.length), unsure: all, confidence };
  return {
    detections: isAsAnswered ? detections : shown,
    classes,
    isAdjustable: candidates.length > 0,
    nothing,
    blurrable: blurrableOf(classes, blurred, edits),
    blurred,
    covered: regionsOf(result, choice, edits),
    result,
    ...(edits && isEdited(edits) ? { detections: edits.detections, nothing: { ...nothing, isEdited: true } } : {}),
  };
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

/** @param {Detection} detection */
function labelOf({ label, confidence }) {
  return `${label} ${texts.percent(confidence)}`;
}

/** @param {Detection} detection */
function rowOf({ label, confidence, classId }) {
  return { label, figure: texts.percent(confidence), share: confidence, colour: classColour(classId) };
}
