/**
 * What is said of the visitor's own device, in the language that is spoken: `words` changes when it does. What can go wrong joins
 * the page's other failures.
 */

import { loaders } from 'virtual:device-texts';
import { followers, texts } from '../texts.js';
import { words as english } from './en.js';

/** @type {typeof english} */
export let words = english;

/** Speak as the page does. If that cannot be loaded, it is English. */
export async function speakDevice() {
  words = (await loaders[texts.language]?.().catch(() => null)) ?? english;
  Object.assign(texts.errors, words.errors);
}

followers.push(speakDevice);
