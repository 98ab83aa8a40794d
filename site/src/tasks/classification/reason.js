/** Why the first label: the server is asked once more, and covers a part of the photograph after the other, which takes a while. */

import { element } from '../../dom/elements.js';
import { words } from '../../texts/tasks/words.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */

const SECOND_MS = 1000;

/** @param {import('./top.js').Parts} parts */
export function createReason({ further, onChoice, signal }) {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'button', id: 'why' });
  const text = element('p', 'hint');
  text.id = 'reason';
  text.setAttribute('role', 'status');
  /** @type {Result | null} */
  let result = null;
  let isExplained = false;
  /** @type {AbortController | null} */
  let asking = null;
  let said = '';

  button.addEventListener('click', () => {
    if (asking) return asking.abort();
    if (!result?.explanation) return void ask();
    return onChoice({ isExplained: !isExplained });
  });
  signal.addEventListener('abort', () => asking?.abort());

  async function ask() {
    const own = new AbortController();
    asking = own;
    let seconds = 0;
    const tell = () => {
      said = words.classification.asking(seconds);
      show();
    };
    tell();
    const clock = setInterval(() => {
      seconds += 1;
      tell();
    }, SECOND_MS);
    try {
      const { ask: askServer, learn } = await further();
      const { explanation } = await askServer({ fields: { explain: 'true' }, signal: own.signal });
      said = '';
      asking = null;
      if (!result || !explanation) throw new Error('There is no explanation.');
      learn(result, { ...result, explanation });
      onChoice({ isExplained: true });
    } catch {
      said = own.signal.aborted ? '' : words.classification.noReason;
    } finally {
      clearInterval(clock);
      asking = null;
      show();
    }
  }

  function show() {
    const { why, hideWhy, cancel, because } = words.classification;
    const explanation = isExplained ? result?.explanation : null;
    button.textContent = asking ? cancel : explanation ? hideWhy : why;
    text.textContent = explanation ? because(explanation.label, explanation.most) : said;
  }

  return {
    button,
    text,

    /** @param {Choice} choice @param {Result} next */
    show(choice, next) {
      [result, isExplained] = [next, choice.isExplained];
      show();
    },
  };
}
