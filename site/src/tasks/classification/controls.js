/** The controls of labels: how many, why the first one, and what other models say. */

import '../../style/task-controls.css';
import '../../style/classification.css';

import { element } from '../../dom/elements.js';
import { createComparison } from './comparison.js';
import { createReason } from './reason.js';
import { createTop } from './top.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */

/** @type {import('../contract.js').CreateControls<Choice, Shown, Result>} */
export function createControls({ main, more, onChoice, onSettled, further }) {
  const asking = new AbortController(); // what is asked for is not wanted any more when another photograph is looked at
  const parts = { further, onChoice, onSettled, signal: asking.signal };
  const top = createTop(parts);
  const reason = createReason(parts);
  const comparison = createComparison(parts);
  const row = element('div', 'task-row');
  row.append(top.root, reason.button, comparison.button);
  main.append(row, reason.text, comparison.root);

  return {
    show({ choice, shown }) {
      main.hidden = false;
      more.hidden = true;
      top.show(choice, shown.result);
      reason.show(choice, shown.result);
      comparison.show(choice, shown.result);
    },

    remove() {
      asking.abort();
      main.replaceChildren();
    },
  };
}
