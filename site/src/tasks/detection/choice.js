/**
 * What the visitor chooses to see of detections, as part of the page's address, so that a link opens the same view:
 * `#confidence=0.4&iou=0.6&hide=dog&hide=car`. What is not said has its default.
 */

/** @typedef {import('./types.js').Choice} Choice */

/** @type {Choice} the API's defaults */
const DEFAULTS = Object.freeze({ confidence: 0.25, iou: 0.45, hidden: Object.freeze([]) });
const CONFIDENCE = { lowest: 0.05, highest: 1 }; // there are no candidates below (openapi.yaml)
const IOU = { lowest: 0, highest: 1 };
const HIDDEN_MAX = 1000;
const LABEL_MAX = 200;
const FRACTION = /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?|\.\d{1,6})$/;

/** @type {import('../contract.js').ChoiceForm<Choice>} */
export const choiceForm = Object.freeze({
  defaults: DEFAULTS,

  read: (values, start) =>
    Object.freeze({
      confidence: fractionOf(values.get('confidence'), CONFIDENCE, start.confidence),
      iou: fractionOf(values.get('iou'), IOU, start.iou),
      hidden: values.has('hide') ? inOrder(values.getAll('hide').filter(isLabel).slice(0, HIDDEN_MAX)) : start.hidden,
    }),

  write({ confidence, iou, hidden }, start) {
    /** @type {(readonly [string, string])[]} */
    const values = [];
    if (confidence !== start.confidence) values.push(['confidence', written(confidence)]);
    if (iou !== start.iou) values.push(['iou', written(iou)]);
    const labels = inOrder(hidden);
    if (JSON.stringify(labels) !== JSON.stringify(inOrder(start.hidden))) {
      for (const label of labels.length > 0 ? labels : ['']) values.push(['hide', label]);
    }
    return values;
  },
});

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
