/** What other models say of the same photograph, asked one after the other, beside what this one says. */

import { element } from '../../dom/elements.js';
import { classColour } from '../../marks/colour.js';
import { words } from '../../texts/tasks/words.js';
import { texts } from '../../texts/texts.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Class} Class */
/** @typedef {import('./types.js').Result} Result */

/** @param {import('./top.js').Parts} parts */
export function createComparison({ further, signal }) {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'button', id: 'compare', hidden: true });
  const root = element('section', 'comparison');
  root.id = 'comparison';
  root.hidden = true;
  /** What each of the others says: a text while it has said nothing. @type {Map<string, readonly Class[] | string>} */
  const opinions = new Map();
  let own = { model: '', classes: /** @type {readonly Class[]} */ ([]), top: 0 };
  let isOffered = false;

  button.addEventListener('click', () => void compare().catch(() => {})); // each failure is told where its answer would stand

  /** @param {string} model @param {readonly Class[] | string} said */
  function put(model, said) {
    opinions.set(model, said);
    draw();
  }

  async function compare() {
    button.disabled = true;
    const { ask, others } = await further();
    for (const model of await others()) {
      put(model, words.classification.comparing(model));
      await ask({ model, fields: { top: String(own.top) }, signal }).then(
        ({ classes }) => put(model, classes),
        () => put(model, words.classification.failed),
      );
      if (signal.aborted) return;
    }
    button.disabled = false;
  }

  async function offer() {
    if (isOffered) return;
    isOffered = true;
    const { card, others } = await further();
    own = { ...own, model: (await card())?.name ?? '' };
    button.hidden = (await others()).length === 0;
  }

  function draw() {
    root.hidden = opinions.size === 0;
    root.setAttribute('aria-label', words.classification.compared);
    const all = /** @type {[string, readonly Class[] | string][]} */ ([[own.model, own.classes], ...opinions]);
    root.replaceChildren(...all.map(([model, said]) => columnOf(model, said.slice(0, typeof said === 'string' ? undefined : own.top))));
  }

  return {
    button,
    root,

    /** @param {Choice} choice @param {Result} result */
    show({ top }, { classes }) {
      own = { ...own, classes, top };
      button.textContent = words.classification.compare;
      void offer().catch(() => (isOffered = false));
      if (opinions.size > 0) draw();
    },
  };
}

/** @param {string} model @param {readonly Class[] | string} said */
function columnOf(model, said) {
  const column = element('div', 'opinion');
  column.append(element('h3', 'opinion-model', model));
  if (typeof said === 'string') {
    column.append(element('p', 'hint', said));
    return column;
  }
  const list = element('ol', 'opinion-list');
  list.setAttribute('role', 'list');
  list.append(...said.map(barOf));
  column.append(list);
  return column;
}

/** @param {Class} one */
function barOf({ label, classId, confidence }) {
  const item = element('li', 'opinion-bar');
  item.style.setProperty('--class-colour', classColour(classId));
  item.style.setProperty('--share', String(confidence));
  item.append(element('span', 'opinion-label', label), element('span', 'opinion-figure', texts.percent(confidence)));
  return item;
}
