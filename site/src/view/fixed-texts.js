/** Puts the texts that never change into the page. */

import { fixed, labels } from '../texts.js';

/** @param {ParentNode} root */
export function fillFixedTexts(root) {
  for (const element of root.querySelectorAll('[data-text]')) {
    element.textContent = textOf(fixed, element.getAttribute('data-text'));
  }
  for (const element of root.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', textOf(labels, element.getAttribute('data-label')));
  }
}

/**
 * @param {Readonly<Record<string, string>>} texts
 * @param {string | null} key
 */
function textOf(texts, key) {
  const text = texts[key ?? ''];
  if (text === undefined) throw new Error(`There is no text "${key}".`);
  return text;
}
