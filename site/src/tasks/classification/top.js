/** How many labels are shown. More than the server answered are asked for once. */

import { element } from '../../dom/elements.js';
import { words } from '../../texts/tasks/words.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */

/**
 * @typedef {{
 *   further: () => Promise<import('../contract.js').Further<Result>>,
 *   onChoice: (change: Partial<Choice>) => void,
 *   onSettled: () => void,
 *   signal: AbortSignal,
 * }} Parts signal: the photograph is not looked at any more
 */

const OFFERED = [1, 3, 5, 10, 20];

/** @param {Parts} parts */
export function createTop({ further, onChoice, onSettled, signal }) {
  const root = element('label', 'engine');
  const name = element('span', '');
  const select = document.createElement('select');
  Object.assign(select, { id: 'top', className: 'engine-choice' });
  root.append(name, select);
  let asked = 0;
  /** @type {Result | null} */
  let latest = null;

  select.addEventListener('change', () => {
    onChoice({ top: Number(select.value) });
    onSettled();
  });

  /** @param {Choice} choice @param {Result} result */
  async function askForMore({ top, answered }, result) {
    const isEnough = result.classes.length >= top || result.classes.length < answered; // or the model has no more
    if (isEnough || asked >= top) return;
    asked = top;
    const { ask, learn } = await further();
    const { classes } = await ask({ fields: { top: String(top) }, signal });
    if (latest) learn(latest, { ...latest, classes });
  }

  return {
    root,

    /** @param {Choice} choice @param {Result} result */
    show(choice, result) {
      latest = result;
      name.textContent = words.classification.top;
      const numbers = [...new Set([...OFFERED, choice.top])].sort((one, other) => one - other);
      if (select.options.length !== numbers.length) select.replaceChildren(...numbers.map((many) => new Option(String(many))));
      select.value = String(choice.top);
      void askForMore(choice, result).catch(() => (asked = 0)); // then those that are known are shown
    },
  };
}
