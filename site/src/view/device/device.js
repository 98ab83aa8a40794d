/** What is said of computing on the visitor's own device. */

import '../../style/device.css';
import { byId, element } from '../../dom/elements.js';
import { words } from '../../texts/device/words.js';
import { openDialog } from '../dialog.js';

/** @typedef {import('../../engines/device/engine.js').OwnDevice} OwnDevice */

/** What it computes with is loaded. @param {import('../../engines/contract.js').Stage & {name: 'loading'}} stage */
export function showLoading({ fraction, bytes, model }) {
  const bar = byId('progress', HTMLProgressElement);
  if (fraction < 1) bar.value = fraction;
  else bar.removeAttribute('value'); // nobody knows how long it takes to start
  byId('progress-sheet', HTMLElement).hidden = false;
  byId('progress-text', HTMLElement).textContent = fraction < 1 ? words.loading(model, fraction * bytes, bytes) : words.starting(model);
}

/** The server is away, and yet the page is of use. @param {OwnDevice} device */
export async function tellOut(device) {
  const note = byId('offline-note', HTMLElement);
  note.classList.add('stands-in');
  note.textContent = words.offline(device.model, (await device.isReady().catch(() => false)) ? 0 : device.bytes);
}

/** What is said of where photographs go. @param {boolean} isKept */
export function showKept(isKept) {
  byId('privacy-note', HTMLElement).hidden = isKept;
  byId('kept-note', HTMLElement).hidden = !isKept;
}

/**
 * Ask whether the model may be loaded, where bytes may cost something.
 *
 * @param {OwnDevice} device
 * @returns {Promise<boolean>}
 */
export function askToLoad({ model, bytes }) {
  const load = document.createElement('button');
  Object.assign(load, { type: 'button', className: 'button button-primary', id: 'load-model', textContent: words.load(bytes) });
  openDialog(words.ask, [element('p', 'hint', words.askWhy(model, bytes)), load]);
  return new Promise((resolve) => {
    const dialog = load.closest('dialog');
    dialog?.addEventListener('close', () => resolve(false));
    load.addEventListener('click', () => {
      resolve(true);
      dialog?.close();
    });
  });
}
