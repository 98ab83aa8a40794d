/** What the browser keeps of this page, and how to have it forgotten. Loaded when it is asked for. */

import { element } from '../dom/elements.js';
import { speakHelp, words } from '../texts/help/words.js';
import { texts } from '../texts/texts.js';
import { openDialog } from './dialog.js';

/** @param {() => Promise<void>} onForget */
export async function openStored(onForget) {
  await speakHelp();
  const done = element('p', 'hint');
  done.setAttribute('role', 'status');
  const forget = document.createElement('button');
  Object.assign(forget, { type: 'button', id: 'forget-all', className: 'button', textContent: words.forget });
  forget.addEventListener('click', async () => {
    done.textContent = await onForget().then(() => words.forgotten, () => words.notForgotten);
  });
  openDialog(texts.fixed.stored, [element('p', 'hint', words.stored), forget, done]);
}
