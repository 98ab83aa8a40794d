/** What the visitor chooses to see of segments, as part of the page's address: `#opacity=0.8&hide=sky`. */

/** @typedef {import('./types.js').Choice} Choice */

const HIDDEN_MAX = 1000;
const LABEL_MAX = 200;
const FRACTION = /^(?:0(?:\.\d{1,6})?|1|\.\d{1,6})$/;

/** @type {import('../contract.js').ChoiceForm<Choice>} */
export const choiceForm = Object.freeze({
  defaults: Object.freeze({ opacity: 0.5, hidden: Object.freeze([]) }), // as the API draws them

  read(values, start) {
    const opacity = values.get('opacity') ?? '';
    const hidden = values.getAll('hide').filter((label) => label !== '' && label.length <= LABEL_MAX);
    return Object.freeze({
      opacity: FRACTION.test(opacity) ? Number(opacity) : start.opacity,
      hidden: values.has('hide') ? inOrder(hidden.slice(0, HIDDEN_MAX)) : start.hidden,
    });
  },

  write({ opacity, hidden }, start) {
    const labels = inOrder(hidden);
    /** @type {[string, string][]} */
    const values = opacity === start.opacity ? [] : [['opacity', String(Number(opacity.toFixed(6)))]];
    if (labels.join('\n') === inOrder(start.hidden).join('\n')) return values;
    return [...values, ...(labels.length > 0 ? labels : ['']).map((label) => /** @type {[string, string]} */ (['hide', label]))];
  },
});

/** @param {readonly string[]} labels */
function inOrder(labels) {
  return Object.freeze([...new Set(labels)].sort());
}
