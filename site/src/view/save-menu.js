/** What can be kept of a result: a button that opens a list of forms. */

import { texts } from '../texts/texts.js';
import { byId, element } from './dom.js';

const KINDS = /** @type {const} */ (['picture', 'html', 'json', 'coco', 'yolo', 'voc', 'curl']);

/** @typedef {typeof KINDS[number]} Kind */

/** @param {{onSave: (kind: Kind) => Promise<void>}} parts */
export function createSaveMenu({ onSave }) {
  const button = byId('save', HTMLButtonElement);
  const list = byId('save-menu', HTMLElement);
  const items = KINDS.map((kind) => {
    const choice = document.createElement('button');
    choice.type = 'button';
    choice.className = 'menu-item';
    choice.addEventListener('click', async () => {
      setOpen(false);
      button.focus();
      button.setAttribute('aria-busy', 'true');
      await onSave(kind);
      button.removeAttribute('aria-busy');
    });
    const item = element('li', '');
    item.append(choice);
    list.append(item);
    return { kind, choice };
  });

  button.addEventListener('click', () => setOpen(Boolean(list.hidden)));
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Node && !button.contains(target) && !list.contains(target)) setOpen(false);
  });
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = items.findIndex(({ choice }) => choice === document.activeElement);
    items[(at + step + items.length) % items.length]?.choice.focus();
  });
  list.parentElement?.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || list.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    setOpen(false);
    button.focus();
  });
  list.parentElement?.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !button.contains(relatedTarget) && !list.contains(relatedTarget)) setOpen(false);
  });

  /** @param {boolean} isOpen */
  function setOpen(isOpen) {
    if (isOpen) fill();
    list.hidden = !isOpen;
    button.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) list.scrollIntoView?.({ block: 'nearest' });
  }

  function fill() {
    for (const { kind, choice } of items) {
      choice.replaceChildren(
        element('span', 'menu-name', texts.save[kind]),
        element('span', 'menu-hint', texts.save.hints[kind] ?? ''),
      );
    }
  }

  return {
    close: () => setOpen(false),
  };
}
