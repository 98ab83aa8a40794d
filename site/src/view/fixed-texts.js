/** Puts the texts that change with nothing but the language into the page, the owner's among them. */

import { say, texts } from '../texts/texts.js';

/** @typedef {Pick<typeof import('virtual:site').site, 'title' | 'tagline' | 'about' | 'links'>} OwnersWords */

/**
 * @param {ParentNode} root
 * @param {OwnersWords} owner
 */
export function fillFixedTexts(root, { title, tagline, about, links }) {
  document.documentElement.lang = texts.language;
  document.title = say(title);
  for (const element of root.querySelectorAll('[data-text]')) {
    element.textContent = textOf(texts.fixed, element.getAttribute('data-text'));
  }
  for (const element of root.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', textOf(texts.labels, element.getAttribute('data-label')));
  }
  for (const [key, words] of Object.entries({ tagline, about })) {
    for (const element of root.querySelectorAll(`[data-site=${key}]`)) element.textContent = say(words);
  }
  root.querySelectorAll('.about-link').forEach((link, index) => {
    link.textContent = say(links[index]?.text ?? '');
  });
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
