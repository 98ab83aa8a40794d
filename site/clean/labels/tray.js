/** Beside the photographs: the one that is meant, large, and what can be done with it. */

import { byId, element } from '../../src/dom/elements.js';
import { pictureUrl } from '../server.js';
import { words } from '../texts/words.js';
import { keyOf } from './keys.js';

/** @typedef {import('./keys.js').Action} Action */
/** @typedef {import('./types.js').Undoable} Undoable */

/** @param {(action: Action) => void} onAction */
export function createTray(onAction) {
  const list = byId('label-list', HTMLElement);
  const look = byId('look', HTMLElement);
  const picture = byId('look-picture', HTMLImageElement);
  const acts = /** @type {const} */ (['keep', 'delete', 'undo']).map((name) => {
    const button = byId(name, HTMLButtonElement);
    button.addEventListener('click', () => button.getAttribute('aria-disabled') !== 'true' && onAction({ do: name }));
    return { name, button };
  });
  const steps = /** @type {const} */ ([['previous', -2], ['next', 2]]).map(([id, by]) => {
    const button = byId(id, HTMLButtonElement);
    button.addEventListener('click', () => onAction({ do: 'move', by, isExtending: false }));
    return button;
  });
  // A click leaves the focus with the photographs, where the keys are.
  for (const part of [list, ...acts.map(({ button }) => button), ...steps]) part.addEventListener('mousedown', (event) => event.preventDefault());
  let drawn = '';

  return {
    /**
     * @param {{
     *   labels: readonly string[],
     *   current: Readonly<{id: number, name: string, said: string}> | null,
     *   own: number | null,
     *   many: number,
     *   isPair: boolean,
     *   undo: Undoable | null,
     * }} shown current: the photograph that is shown large. own: the label that it has. many: for how many an action would be
     */
    show({ labels, current, own, many, isPair, undo }) {
      look.hidden = isPair || current === null;
      if (current && !isPair) {
        const url = pictureUrl(current.id, 'large');
        if (picture.getAttribute('src') !== url) picture.src = url;
      }
      byId('look-name', HTMLElement).textContent = current?.name ?? '';
      byId('look-said', HTMLElement).textContent = current?.said ?? '';
      byId('chosen', HTMLElement).textContent = many > 1 ? words.chosen(many) : '';
      for (const button of steps) button.hidden = !isPair;
      acts.forEach(({ name, button }) => {
        const isPossible = name === 'undo' ? undo !== null : many > 0;
        button.textContent = name === 'undo' ? words.undo(undo) : words.acts[isPair && name === 'keep' ? 'keepBoth' : name];
        button.setAttribute('aria-disabled', String(!isPossible));
      });
      const key = JSON.stringify([words.language, labels]);
      if (key !== drawn) {
        drawn = key;
        list.replaceChildren(...labels.map(labelButton));
      }
      [...list.children].forEach((button, label) => {
        button.setAttribute('aria-pressed', String(label === own));
        button.setAttribute('aria-disabled', String(many === 0));
      });
    },
  };

  /** @param {string} text @param {number} label */
  function labelButton(text, label) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'label-button';
    button.append(element('span', 'label-text', text));
    const key = keyOf(label);
    if (key) {
      const hint = element('kbd', 'label-key', key.toUpperCase());
      hint.setAttribute('aria-hidden', 'true'); // aria-keyshortcuts says it
      button.append(hint);
      button.setAttribute('aria-keyshortcuts', key);
    }
    button.addEventListener('click', () => onAction({ do: 'relabel', label }));
    return button;
  }
}
