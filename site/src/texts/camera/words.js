/**
 * What the camera says, in the language that is spoken: `words` changes when it does. English comes with the camera;
 * another language is a file beside this one, and is not needed.
 */

import { loaders } from 'virtual:camera-texts';
import { followers, texts } from '../texts.js';
import { words as english } from './en.js';

/** @type {typeof english} */
export let words = english;

/** Speak as the page does. If that cannot be loaded, it is English. */
export async function speakCamera() {
  words = (await loaders[texts.language]?.().catch(() => null)) ?? english;
}

followers.push(speakCamera);
