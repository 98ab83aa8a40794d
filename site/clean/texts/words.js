/** What this page says, in the language that is spoken: `words` changes when it does. English where there is no file. */

import { followers, texts } from '../../src/texts/texts.js';
import { words as german } from './de.js';
import { words as english } from './en.js';

/** @type {Readonly<Record<string, typeof english>>} */
const ALL = { de: german, en: english };

/** @type {typeof english} */
export let words = english;

followers.push(async () => {
  words = ALL[texts.language] ?? english;
});

/**
 * Put the texts that change with nothing but the language into the page.
 *
 * @param {Document} page
 * @param {string} folder
 */
export function fillWords(page, folder) {
  page.documentElement.lang = words.language;
  page.title = words.title(folder);
  const titled = page.getElementById('title');
  if (titled) titled.textContent = words.title(folder);
  for (const element of page.querySelectorAll('[data-word]')) element.textContent = textOf(words.fixed, element.getAttribute('data-word'));
  for (const element of page.querySelectorAll('[data-name]')) {
    element.setAttribute('aria-label', textOf(words.names, element.getAttribute('data-name')));
  }
}

/** @param {Readonly<Record<string, string>>} known @param {string | null} key */
function textOf(known, key) {
  const text = known[key ?? ''];
  if (text === undefined) throw new Error(`There is no text "${key}".`);
  return text;
}
