/** Finding objects: boxes, with an outline and key points where the model gives them. */

import { classColour } from '../../marks/colour.js';
import { texts } from '../../texts/texts.js';
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

const SHOWN_MAX = 300;

/** @type {import('../contract.js').Task<Result, Shown, Choice, History>} */
export const detection = Object.freeze({
  id: 'detection',
  fields: { candidates: 'true' },
  fieldsOf: ({ confidence, iou }) => ({ confidence, iou }),
  parse: parseDetections,
  choice: choiceForm,
  refine,
  marks: ({ detections }) => marksOf(detections, { labelOf, nameOf: (one, place) => texts.boxName(one, place) }),
  rows: ({ detections }) => detections.map(rowOf),
  words: ({ detections, isAdjustable }) => ({
    title: texts.summaryTitle(detections.length),
    sentence: texts.summarySentence(detections, isAdjustable ? 1 : 0),
    spoken: texts.spoken(detections),
    alt: texts.resultAlt(detections),
  }),
  controls: createControls,
  formats,
  edit: () => import('./edit/editing.js'),
});

/**
 * @param {Result} result
 * @param {Choice} choice
 * @param {History | null} edits
 * @returns {Shown}
 */
function refine({ detections, candidates }, choice, edits) {
  const filtered = filterDetections(candidates, { ...choice, maxDetections: SHOWN_MAX });
  const isDefault = choiceForm.write(choice, choiceForm.defaults).length === 0;
  return {
    detections: edits?.detections ?? (isDefault ? detections : filtered.shown),
    classes: filtered.classes,
    isAdjustable: candidates.length > 0,
  };
}

/** @param {Detection} detection */
function labelOf({ label, confidence }) {
  return `${label} ${texts.percent(confidence)}`;
}

/** @param {Detection} detection */
function rowOf({ label, confidence, classId }) {
  return { label, figure: texts.percent(confidence), share: confidence, colour: classColour(classId) };
}
