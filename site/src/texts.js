/**
 * The page's texts in the language that is spoken: `texts` changes when the language does, so read it when you need it.
 */

import { texts as en } from './texts/en.js';

/** @typedef {typeof en} Texts */
/** @typedef {Readonly<{title: string, advice: string, retry: boolean}>} ErrorText */

/** Each language by its own name, in that language. */
export const LANGUAGES = Object.freeze({ en: 'English', de: 'Deutsch' });

/** @type {Texts} */
export let texts = en;

/**
 * Speak another language. One that is not the page's own is loaded first.
 *
 * @param {string} language
 */
export async function speak(language) {
  texts = language === 'de' ? (await import('./texts/de.js')).texts : en;
}

/**
 * Choose a language: the one chosen before, else the first of the browser's that the page speaks.
 *
 * @param {string | null} chosen
 * @param {readonly string[]} preferred as in navigator.languages
 */
export function chooseLanguage(chosen, preferred) {
  const spoken = [chosen ?? '', ...preferred].map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return spoken.find((language) => Object.hasOwn(LANGUAGES, language)) ?? 'en';
}

/**
 * Explain an error.
 *
 * @param {string} kind
 * @param {number | null} waitS how long the server asks to wait
 * @returns {ErrorText}
 */
export function errorText(kind, waitS) {
  const errors = /** @type {Readonly<Record<string, ErrorText>>} */ (texts.errors);
  const text = errors[kind] ?? texts.errors.unexpected;
  return text.retry && waitS !== null && waitS >= 1 ? { ...text, advice: texts.tryAgainIn(waitS) } : text;
}
