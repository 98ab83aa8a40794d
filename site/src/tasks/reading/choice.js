/** What the visitor chooses to see of what was read, as part of the page's address: `#text_confidence=0.8&find=exit`. */

import { queryOf } from '../search.js';

/** @typedef {import('./types.js').Choice} Choice */

const CONFIDENCE = 0.5; // what the API answers, if a server tells nothing else
const FRACTION = /^(?:0(?:\.\d{1,6})?|1|\.\d{1,6})$/;

/** @type {import('../contract.js').ChoiceForm<Choice>} */
export const choiceForm = Object.freeze({
  defaults: Object.freeze({ confidence: CONFIDENCE, find: '', answered: CONFIDENCE }),

  told({ text_confidence: told }) {
    const answered = typeof told === 'number' && told >= 0 && told <= 1 ? told : CONFIDENCE;
    return Object.freeze({ confidence: answered, find: '', answered });
  },

  read(values, start) {
    const confidence = values.get('text_confidence') ?? '';
    return Object.freeze({
      confidence: FRACTION.test(confidence) ? Number(confidence) : start.confidence,
      find: queryOf(values, start.find),
      answered: start.answered,
    });
  },

  write({ confidence, find }, start) {
    /** @type {[string, string][]} */
    const values = confidence === start.confidence ? [] : [['text_confidence', String(Number(confidence.toFixed(6)))]];
    return find === start.find ? values : [...values, ['find', find]];
  },
});
