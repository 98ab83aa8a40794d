/** A short word on the screen that goes by itself, with a way back where there is one; what it says is read out elsewhere. */

import { byId } from '../dom/elements.js';

const SHOWN_MS = 4_000;
const UNDO_MS = 20_000;

export function createToast() {
  const toast = byId('toast', HTMLElement);
  const act = byId('toast-act', HTMLButtonElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {(() => void) | null} */
  let onUndo = null;

  function hide() {
    if (toast.matches(':hover, :focus-within')) return later(SHOWN_MS);
    toast.hidden = true;
    onUndo = null;
    return undefined;
  }

  /** @param {number} shownMs */
  function later(shownMs) {
    clearTimeout(timer);
    timer = setTimeout(hide, shownMs);
  }

  act.addEventListener('click', () => {
    const undo = onUndo;
    toast.hidden = true;
    onUndo = null;
    undo?.();
  });

  document.addEventListener('keydown', (event) => {
    if (!onUndo || event.defaultPrevented || event.key !== 'z' || !(event.ctrlKey || event.metaKey)) return;
    const isEditor = !byId('edit-tools', HTMLElement).hidden; // which undoes its own
    if (isEditor || (event.target instanceof Element && event.target.matches('[type=text], [type=number]'))) return;
    event.preventDefault();
    act.click();
  });

  return {
    /**
     * @param {string} text
     * @param {(() => void) | null} [undo]
     */
    show(text, undo = null) {
      byId('toast-text', HTMLElement).textContent = text;
      onUndo = undo;
      act.hidden = undo === null;
      toast.hidden = false;
      later(undo ? UNDO_MS : SHOWN_MS);
    },
  };
}
