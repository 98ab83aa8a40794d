/** Two photographs that are nearly the same, side by side; one of them is meant. */

import { byId, element } from '../../src/dom/elements.js';
import { pictureUrl } from '../server.js';
import { words } from '../texts/words.js';

/** @typedef {Readonly<{id: number, name: string, label: string}>} Side */

/** @param {(side: 0 | 1) => void} onPick */
export function createPair(onPick) {
  const root = byId('pair', HTMLElement);
  const sides = /** @type {const} */ ([0, 1]).map((side) => {
    const option = element('div', 'side');
    option.id = `side-${side}`;
    option.setAttribute('role', 'option');
    const picture = document.createElement('img');
    picture.className = 'side-picture';
    picture.alt = '';
    const label = element('span', 'side-label');
    const name = element('span', 'card-name');
    option.append(picture, label, name);
    option.addEventListener('click', () => onPick(side));
    root.append(option);
    return { option, picture, label, name };
  });

  return {
    root,

    /**
     * @param {readonly [Side, Side]} shown
     * @param {0 | 1} meant
     * @param {{position: number, of: number}} place
     */
    show(shown, meant, { position, of }) {
      root.setAttribute('aria-label', words.pairOf(position, of));
      root.setAttribute('aria-activedescendant', `side-${meant}`);
      sides.forEach(({ option, picture, label, name }, side) => {
        const { id, name: text, label: called } = /** @type {Side} */ (shown[side]);
        const url = pictureUrl(id, 'large');
        if (picture.getAttribute('src') !== url) picture.src = url;
        label.textContent = called;
        name.textContent = text;
        option.setAttribute('aria-selected', String(side === meant));
        option.classList.toggle('is-current', side === meant);
      });
    },
  };
}
