/** What the visitor chooses to see of labels, as part of the page's address: `#top=10`. */

/** @typedef {import('./types.js').Choice} Choice */

const TOP = 5; // what the API answers, if a server tells no other number
const TOP_MAX = 100; // the most that it returns
const NUMBER = /^\d{1,3}$/;

/** @type {import('../contract.js').ChoiceForm<Choice>} */
export const choiceForm = Object.freeze({
  defaults: Object.freeze({ top: TOP, isExplained: false, answered: TOP }),

  told({ top }) {
    const answered = isTop(top) ? top : TOP;
    return Object.freeze({ top: answered, isExplained: false, answered });
  },

  read(values, start) {
    const text = values.get('top') ?? '';
    const top = NUMBER.test(text) && isTop(Number(text)) ? Number(text) : start.top;
    return Object.freeze({ ...start, top });
  },

  write: ({ top }, start) => (top === start.top ? [] : [['top', String(top)]]),
});

/** @param {unknown} value @returns {value is number} */
function isTop(value) {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= TOP_MAX;
}
