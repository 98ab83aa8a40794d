/** A photograph to choose: small, with its label and what the model takes it for. */

import { element } from '../../src/dom/elements.js';
import { pictureUrl } from '../server.js';
import { words } from '../texts/words.js';

/**
 * @typedef {Readonly<{name: string, words: readonly string[], isKept: boolean}>} Face name: of the file; words: what is said of
 *   it, a line each
 */

/** @param {number} id */
export function createCard(id) {
  const root = element('div', 'card');
  root.id = `photograph-${id}`;
  root.setAttribute('role', 'option');
  const picture = document.createElement('img');
  picture.className = 'card-picture';
  picture.alt = '';
  picture.decoding = 'async';
  picture.addEventListener('error', () => root.classList.add('is-unreadable'));
  picture.src = pictureUrl(id, 'small');
  const lines = element('span', 'card-words');
  const tick = element('span', 'card-tick');
  tick.setAttribute('aria-hidden', 'true');
  root.append(picture, element('span', 'card-unreadable', words.unreadable), lines, tick);
  let drawn = '';

  return {
    root,

    /**
     * @param {Face} face
     * @param {{position: number, of: number, isChosen: boolean, isCurrent: boolean}} place
     */
    show(face, { position, of, isChosen, isCurrent }) {
      root.setAttribute('aria-selected', String(isChosen));
      root.setAttribute('aria-posinset', String(position));
      root.setAttribute('aria-setsize', String(of));
      root.classList.toggle('is-current', isCurrent);
      root.classList.toggle('is-kept', face.isKept);
      const key = JSON.stringify(face);
      if (key === drawn) return;
      drawn = key;
      lines.replaceChildren(
        ...face.words.map((line) => element('span', 'card-word', line)),
        element('span', 'card-name', face.name),
        ...(face.isKept ? [element('span', 'visually-hidden', words.kept)] : []),
      );
    },

    /** It is not seen any more: what is still loading need not come. */
    leave() {
      if (!picture.complete) picture.removeAttribute('src');
      root.remove();
    },
  };
}
