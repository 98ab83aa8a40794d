/** A field to search with, and its name. */

import '../style/search.css';
import { element } from './elements.js';

const LENGTH_MAX = 100;
const SETTLED_MS = 600; // without another letter

/**
 * @param {string} id
 * @param {(query: string) => void} onQuery follows each letter
 * @param {() => void} onSettled
 */
export function createSearchBox(id, onQuery, onSettled) {
  const row = element('label', 'search');
  row.id = `${id}-row`;
  const name = element('span', 'slider-name');
  const input = document.createElement('input');
  Object.assign(input, { id, type: 'search', className: 'search-input', maxLength: LENGTH_MAX, autocomplete: 'off', spellcheck: false });
  row.append(name, input);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(onSettled, SETTLED_MS);
    onQuery(input.value);
  });

  return {
    row,

    /** @param {string} text @param {string} query */
    show(text, query) {
      name.textContent = text;
      if (input.value !== query) input.value = query;
    },
  };
}
