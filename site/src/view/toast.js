/** A short word on the screen that goes by itself, with something to do about it where there is; it is read out elsewhere. */

import { byId } from '../dom/elements.js';

const SHOWN_MS = 4_000;
const ACT_MS = 20_000;

/**
 * @typedef {Readonly<{name: string, onAct: () => void, isUndo?: boolean, isLasting?: boolean}>} Act isUndo: by the keys that
 *   undo, too; isLasting: until it is taken away
 */

export function createToast() {
  const toast = byId('toast', HTMLElement);
  const act = byId('toast-act', HTMLButtonElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Act | null} */
  let offered = null;

  function hide() {
    if (toast.matches(':hover, :focus-within')) return later(SHOWN_MS);
    toast.hidden = true;
    offered = null;
    return undefined;
  }

  /** @param {number} shownMs */
  function later(shownMs) {
    clearTimeout(timer);
    timer = setTimeout(hide, shownMs);
  }

  act.addEventListener('click', () => {
    const done = offered;
    toast.hidden = true;
    offered = null;
    done?.onAct();
  });

  document.addEventListener('keydown', (event) => {
    if (!offered?.isUndo || event.defaultPrevented || event.key !== 'z' || !(event.ctrlKey || event.metaKey)) return;
    const isEditor = !byId('edit-tools', HTMLElement).hidden; // which undoes its own
    if (isEditor || (event.target instanceof Element && event.target.matches('[type=text], [type=search], [type=number]'))) return;
    event.preventDefault();
    act.click();
  });

  return {
    /**
     * @param {string} text
     * @param {Act | null} [what] what can be done about it
     * @returns {() => void} takes it away, if it is still there
     */
    show(text, what = null) {
      byId('toast-text', HTMLElement).textContent = text;
      offered = what;
      act.hidden = what === null;
      act.textContent = what?.name ?? '';
      toast.hidden = false;
      clearTimeout(timer);
      if (!what?.isLasting) later(what ? ACT_MS : SHOWN_MS);
      return () => {
        if (offered === what) hide();
      };
    },
  };
}
