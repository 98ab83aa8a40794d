/** What is looked at: doubtful labels, copies, or all photographs; and of which label. */

import { byId } from '../../src/dom/elements.js';
import { words } from '../texts/words.js';
import { idsOf, openDoubts, openPairs } from './state.js';

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').View} View */

const VIEWS = /** @type {const} */ (['doubts', 'pairs', 'all']);

/** @param {{onView: (view: View) => void, onFilter: (label: number | null) => void}} parts */
export function createViews({ onView, onFilter }) {
  const filter = byId('filter', HTMLSelectElement);
  filter.addEventListener('change', () => onFilter(filter.value === '' ? null : Number(filter.value)));
  const buttons = VIEWS.map((view) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'tab';
    button.addEventListener('click', () => onView(view));
    return button;
  });
  byId('views', HTMLElement).replaceChildren(...buttons);
  let offered = '';

  return {
    /**
     * @param {{
     *   state: State,
     *   view: View,
     *   label: number | null,
     *   nameOf: (label: number) => string,
     *   pair: {position: number, of: number, across: boolean} | null,
     * }} shown
     */
    show({ state, view, label, nameOf, pair }) {
      const counts = { doubts: openDoubts(state).length, pairs: openPairs(state).length, all: idsOf(state, 'all', null).length };
      buttons.forEach((button, at) => {
        const one = VIEWS[at] ?? 'all';
        button.hidden = one !== 'all' && state.run === null;
        button.textContent = words.views(one, counts[one]);
        button.setAttribute('aria-pressed', String(one === view));
      });
      byId('filter-row', HTMLElement).hidden = view === 'pairs';
      byId('about', HTMLElement).textContent = words.about(view, state, label === null ? '' : nameOf(label), pair);
      const key = JSON.stringify([words.language, state.labels]);
      if (key === offered) return;
      offered = key;
      filter.replaceChildren(optionOf('', words.allLabels), ...state.labels.map((_, at) => optionOf(String(at), nameOf(at))));
      filter.value = label === null ? '' : String(label);
    },
  };
}

/** @param {string} value @param {string} text */
function optionOf(value, text) {
  const option = document.createElement('option');
  [option.value, option.textContent] = [value, text];
  return option;
}
