/**
 * What is said of videos, in the language that is spoken: `words` changes when it does. English comes with the first
 * video;
 * another language is a file beside this one, and is not needed. What can go wrong joins the page's other failures.
 */

import { loaders } from 'virtual:video-texts';
import { followers, texts } from '../texts.js';
import { words as english } from './en.js';

/** @type {typeof english} */
export let words = english;

/** Speak as the page does. If that cannot be loaded, it is English. */
export async function speakVideo() {
  words = (await loaders[texts.language]?.().catch(() => null)) ?? english;
  Object.assign(texts.errors, words.errors);
}

followers.push(speakVideo);
