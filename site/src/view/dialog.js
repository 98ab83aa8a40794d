/** A window over the page, with a title and a way out. Loaded when one is asked for. */

import '../style/dialog.css';
import { element } from '../dom/elements.js';
import { words } from '../texts/help/words.js';

/**
 * @param {string} title
 * @param {readonly Element[]} content
 */
export function openDialog(title, content) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  const heading = element('h2', 'dialog-title', title);
  heading.id = 'dialog-title';
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'button';
  close.textContent = words.close;
  close.addEventListener('click', () => dialog.close());
  dialog.append(heading, ...content, close);
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close()); // beside it
  dialog.addEventListener('keydown', (event) => event.stopPropagation()); // the keys of the page behind are not meant
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal(); // gives the focus back when it closes
}
