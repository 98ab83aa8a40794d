/**
 * The page's texts in the language that is spoken: `texts` changes when the language does, so read it when you need it.
 * Each language is a file beside this one; site.json may say which of them the page speaks.
 */

import { first, labels, loaders } from 'virtual:texts';

/** @typedef {typeof import('./en.js').texts} Texts */
/** @typedef {Readonly<{title: string, advice: string, retry: boolean}>} ErrorText */
/** @typedef {string | Readonly<Record<string, string>>} Words of the owner's: a text, or one for each language */

/** What the page speaks, as language tags. */
export const LANGUAGES = Object.freeze(Object.keys(loaders));

const OWNERS = Object.freeze(['forbidden', 'unreadable']); // what only the server's owner can mend

/** @type {Texts} */
export let texts = first;

/** What else changes its language, being loaded later. @type {(() => Promise<void>)[]} */
export const followers = [];
/** What the models' labels are called in the language that is spoken. @type {Readonly<Record<string, string>>} */
let called = {};

/**
 * Speak another language. If it cannot be loaded, the page goes on in the one that it speaks.
 *
 * @param {string} language one of LANGUAGES
 * @returns {Promise<boolean>} whether it is spoken now
 */
export async function speak(language) {
  try {
    texts = (await loaders[language]?.()) ?? texts;
    called = {};
    await Promise.all(followers.map((follow) => follow()));
  } catch {
    return false;
  }
  return texts.language === language;
}

/**
 * Say something of the owner's in the language that is spoken, else in the first one that it is given in.
 *
 * @param {Words} words
 */
export function say(words) {
  return typeof words === 'string' ? words : words[texts.language] ?? Object.values(words)[0] ?? '';
}

/** Learn what the models' labels are called in the language that is spoken. If that cannot be loaded, they stay as they are. */
export async function learnLabels() {
  const { language } = texts;
  const learnt = await labels[language]?.().catch(() => null);
  if (learnt && language === texts.language) called = learnt;
}

/**
 * What a label of a model is called in the language that is spoken.
 *
 * @param {string} label
 */
export function labelName(label) {
  return (Object.hasOwn(called, label) && called[label]) || label;
}

/**
 * Choose a language: the one chosen before, else the first of the browser's that the page speaks.
 *
 * @param {string | null} chosen
 * @param {readonly string[]} preferred as in navigator.languages
 * @param {readonly string[]} [spoken] the page's first language first
 */
export function chooseLanguage(chosen, preferred, spoken = LANGUAGES) {
  const wanted = [chosen ?? '', ...preferred].flatMap((tag) => [tag, tag.split('-')[0] ?? '']);
  const found = wanted.flatMap((tag) => spoken.find((known) => known.toLowerCase() === tag.toLowerCase()) ?? [])[0];
  return found ?? spoken[0] ?? '';
}

/**
 * Explain an error.
 *
 * @param {string} kind
 * @param {number | null} waitS how long the server asks to wait
 * @param {string} [origin] of this page
 * @returns {ErrorText}
 */
export function errorText(kind, waitS, origin = '') {
  const errors = /** @type {Readonly<Record<string, ErrorText>>} */ (texts.errors);
  const text = errors[kind] ?? texts.errors.unexpected;
  if (origin && OWNERS.includes(kind)) return { ...text, advice: `${text.advice} ${texts.allowOrigin(origin)}` };
  return text.retry && waitS !== null && waitS >= 1 ? { ...text, advice: texts.tryAgainIn(waitS) } : text;
}
