/** How far the picture that is worked on has come: what is true, and nothing made up. */

import { byId } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

const SECONDS_SHOWN_FROM = 2;
const BYTES_SHOWN_FROM = 500_000; // less is gone before it is read

export function createProgress() {
  const sheet = byId('progress-sheet', HTMLElement);
  const bar = byId('progress', HTMLProgressElement);
  const text = byId('progress-text', HTMLElement);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
  let queued = '';

  return {
    /** @param {string} step */
    show(step) {
      clearInterval(clock);
      sheet.hidden = false;
      bar.value = 0;
      text.textContent = step;
    },

    /**
     * @param {number} fraction of the bytes, 0..1
     * @param {number} bytes of all
     */
    showUploaded(fraction, bytes) {
      sheet.hidden = false;
      clearInterval(clock);
      queued = '';
      if (fraction < 1) {
        bar.value = fraction;
        const sent = bytes >= BYTES_SHOWN_FROM ? texts.bytes(fraction * bytes, bytes) : '';
        text.textContent = texts.steps.uploading(fraction, sent);
        return;
      }
      const began = Date.now();
      bar.removeAttribute('value'); // nobody knows how far the server is
      text.textContent = texts.steps.finding;
      clock = setInterval(() => {
        const seconds = Math.floor((Date.now() - began) / 1000);
        if (queued) text.textContent = queued;
        else if (seconds >= SECONDS_SHOWN_FROM) text.textContent = texts.steps.findingFor(seconds);
      }, 1000);
    },

    /** The server has not taken it yet. @param {string} words */
    showProving(words) {
      clearInterval(clock);
      queued = '';
      bar.removeAttribute('value'); // nobody knows how long it takes
      text.textContent = words;
    },

    /** The answer comes. */
    showReceiving() {
      clearInterval(clock);
      text.textContent = texts.steps.receiving;
    },

    /**
     * @param {number} place in the queue, 0 when it is worked on
     * @param {number | null} waitS
     */
    showPlace(place, waitS) {
      queued = place > 0 ? texts.steps.queued(place, waitS) : '';
      if (queued) text.textContent = queued;
    },

    hide() {
      clearInterval(clock);
      sheet.hidden = true;
    },
  };
}
