/**
 * What the windows over the page say, in the language that is spoken: `words` changes when it does. English comes with the
 * first window; another language is a file beside this one, and is not needed.
 */

import { loaders } from 'virtual:help-texts';
import { followers, texts } from '../texts.js';
import { words as english } from './en.js';

/** @type {typeof english} */
export let words = english;

/** Speak as the page does. If that cannot be loaded, it is English. */
export async function speakHelp() {
  words = (await loaders[texts.language]?.().catch(() => null)) ?? english;
}

followers.push(speakHelp);
