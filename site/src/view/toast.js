/** A short word on the screen that goes by itself; what it says is read out elsewhere. */

import { byId } from '../dom/elements.js';

const SHOWN_MS = 4_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} text */
export function showToast(text) {
  const toast = byId('toast', HTMLElement);
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    toast.hidden = true;
  }, SHOWN_MS);
}
