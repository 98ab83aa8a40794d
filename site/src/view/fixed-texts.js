/** Puts the texts that change with nothing but the language into the page. */

import { texts } from '../texts.js';

/** @param {ParentNode} root */
export function fillFixedTexts(root) {
  document.documentElement.lang = texts.language;
  document.title = texts.title;
  for (const element of root.querySelectorAll('[data-text]')) {
    element.textContent = textOf(texts.fixed, element.getAttribute('data-text'));
  }
  for (const element of root.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', textOf(texts.labels, element.getAttribute('data-label')));
  }
}

/**
 * @param {Readonly<Record<string, string>>} known
 * @param {string | null} key
 */
function textOf(known, key) {
  const text = known[key ?? ''];
  if (text === undefined) throw new Error(`There is no text "${key}".`);
  return text;
}
