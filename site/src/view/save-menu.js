/** What can be kept of a result: a list of forms. Loaded when it is asked for. */

import '../style/menu.css';
import { byId, element } from '../dom/elements.js';

/** @typedef {import('../save/formats.js').Format} Format */

/**
 * @param {{formats: () => readonly Format[], save: (format: Format) => Promise<void>}} parts formats: those of the result
 *   that is looked at
 */
export function createSaveMenu({ formats, save }) {
  const button = byId('save', HTMLButtonElement);
  const list = byId('save-menu', HTMLElement);

  /** @param {Format} format */
  function itemOf(format) {
    const choice = document.createElement('button');
    choice.type = 'button';
    choice.className = 'menu-item';
    choice.append(element('span', 'menu-name', format.label()), element('span', 'menu-hint', format.hint() ?? ''));
    choice.addEventListener('click', async () => {
      setOpen(false);
      button.focus();
      button.setAttribute('aria-busy', 'true');
      await save(format);
      button.removeAttribute('aria-busy');
    });
    const item = element('li', '');
    item.append(choice);
    return item;
  }

  document.addEventListener('click', ({ target }) => {
    if (target instanceof Node && !button.contains(target) && !list.contains(target)) setOpen(false);
  });
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const choices = [...list.querySelectorAll('button')];
    const at = choices.findIndex((choice) => choice === document.activeElement);
    choices[(at + step + choices.length) % choices.length]?.focus();
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
    if (isOpen) list.replaceChildren(...formats().map(itemOf));
    list.hidden = !isOpen;
    button.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) list.scrollIntoView?.({ block: 'nearest' });
  }

  return {
    toggle: () => setOpen(Boolean(list.hidden)),
    close: () => setOpen(false),
  };
}
