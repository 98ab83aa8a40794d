/**
 * What the visitor chooses to see of detections, as part of the page's address, so that a link opens the same view:
 * `#confidence=0.4&iou=0.6&hide=dog&hide=car&blur=person&find=exit`. What is not said has its default.
 */

import { queryOf } from '../search.js';

/** @typedef {import('./types.js').Choice} Choice */

/** @type {import('./types.js').Limits} the API's defaults, where a server tells no others */
const LIMITS = Object.freeze({ confidence: 0.25, iou: 0.45, maxDetections: 100 });
/** @type {Choice} */
const DEFAULTS = Object.freeze({
  confidence: LIMITS.confidence,
  iou: LIMITS.iou,
  find: '',
  hidden: Object.freeze([]),
  blurred: Object.freeze([]),
  answered: LIMITS,
});
const CONFIDENCE = { lowest: 0.05, highest: 1 }; // there are no candidates below (openapi.yaml)
const IOU = { lowest: 0, highest: 1 };
const LABELS_MAX = 1000;
const LABEL_MAX = 200;
const FRACTION = /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?|\.\d{1,6})$/;

/** @type {import('../contract.js').ChoiceForm<Choice>} */
export const choiceForm = Object.freeze({
  defaults: DEFAULTS,

  told(defaults) {
    const answered = Object.freeze({
      confidence: isFraction(defaults.confidence) ? defaults.confidence : LIMITS.confidence,
      iou: isFraction(defaults.iou) ? defaults.iou : LIMITS.iou,
      maxDetections: isCount(defaults.max_detections) ? defaults.max_detections : LIMITS.maxDetections,
    });
    return Object.freeze({ ...DEFAULTS, confidence: answered.confidence, iou: answered.iou, answered });
  },

  read: (values, start) =>
    Object.freeze({
      confidence: fractionOf(values.get('confidence'), CONFIDENCE, start.confidence),
      iou: fractionOf(values.get('iou'), IOU, start.iou),
      find: queryOf(values, start.find),
      answered: start.answered,
      hidden: labelsOf(values, 'hide', start.hidden),
      blurred: labelsOf(values, 'blur', start.blurred),
    }),

  write({ confidence, iou, find, hidden, blurred }, start) {
    /** @type {(readonly [string, string])[]} */
    const values = [];
    if (confidence !== start.confidence) values.push(['confidence', written(confidence)]);
    if (iou !== start.iou) values.push(['iou', written(iou)]);
    if (find !== start.find) values.push(['find', find]);
    return [...values, ...writtenLabels('hide', hidden, start.hidden), ...writtenLabels('blur', blurred, start.blurred)];
  },
});

/**
 * @param {URLSearchParams} values
 * @param {string} key
 * @param {readonly string[]} fallback
 */
function labelsOf(values, key, fallback) {
  return values.has(key) ? inOrder(values.getAll(key).filter(isLabel).slice(0, LABELS_MAX)) : fallback;
}

/**
 * @param {string} key
 * @param {readonly string[]} labels
 * @param {readonly string[]} start
 * @returns {(readonly [string, string])[]}
 */
function writtenLabels(key, labels, start) {
  const ordered = inOrder(labels);
  if (JSON.stringify(ordered) === JSON.stringify(inOrder(start))) return [];
  return (ordered.length > 0 ? ordered : ['']).map((label) => [key, label]);
}

/** @param {unknown} value @returns {value is number} */
function isFraction(value) {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

/** @param {unknown} value @returns {value is number} */
function isCount(value) {
  return Number.isInteger(value) && Number(value) > 0;
}

/** @param {number} fraction */
function written(fraction) {
  return String(Number(fraction.toFixed(6)));
}

/**
 * @param {string | null} text
 * @param {{lowest: number, highest: number}} range
 * @param {number} fallback
 */
function fractionOf(text, { lowest, highest }, fallback) {
  if (text === null || !FRACTION.test(text)) return fallback;
  const value = Number(text);
  return value >= lowest && value <= highest ? value : fallback;
}

/** @param {string} text */
function isLabel(text) {
  return text !== '' && text.length <= LABEL_MAX;
}

/** @param {readonly string[]} labels */
function inOrder(labels) {
  return Object.freeze([...new Set(labels)].sort());
}
