/**
 * Thousands of photographs to choose from, of which only those that are seen are in the page: a list box whose options come
 * and go while it is scrolled. Its style (labels.css) says how large a card is.
 */

import { byId } from '../../src/dom/elements.js';
import { createCard } from './card.js';

/** @typedef {import('./selection.js').Selection} Selection */
/** @typedef {import('./card.js').Face} Face */

const CARD_MIN_PX = 140;
const GAP_PX = 12; // as in labels.css
const ROWS_BEYOND = 2; // kept ready above and below what is seen

/** @param {(id: number, how: {isExtending: boolean, isToggling: boolean}) => void} onPick */
export function createGrid(onPick) {
  const root = byId('grid', HTMLElement);
  const cards = byId('cards', HTMLElement);
  /** @type {Map<number, ReturnType<typeof createCard>>} those that are in the page */
  const live = new Map();
  /** @type {readonly number[]} */
  let ids = [];
  /** @type {(id: number) => Face} */
  let faceOf = () => ({ words: [], name: '', isKept: false });
  /** @type {Selection | null} */
  let selection = null;
  let columns = 1;
  let rowPx = 240; // until a card has been measured

  new ResizeObserver(() => {
    const before = columns;
    columns = Math.max(1, Math.floor((cards.clientWidth + GAP_PX) / (CARD_MIN_PX + GAP_PX)));
    cards.style.setProperty('--columns', String(columns));
    measure();
    draw();
    if (before !== columns) reveal();
  }).observe(root);
  root.addEventListener('scroll', draw, { passive: true });
  root.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    const id = [...live].find(([, card]) => card.root === option)?.[0];
    const isToggling = event.ctrlKey || event.metaKey || (event.target instanceof Element && event.target.closest('.card-tick') !== null);
    if (id !== undefined) onPick(id, { isExtending: event.shiftKey, isToggling });
  });

  function measure() {
    const card = live.values().next().value?.root;
    const height = card?.getBoundingClientRect().height ?? 0;
    if (height > 0) rowPx = height + GAP_PX;
  }

  function draw() {
    const rows = Math.ceil(ids.length / columns);
    const first = Math.max(0, Math.floor(root.scrollTop / rowPx) - ROWS_BEYOND);
    const last = Math.min(rows, Math.ceil((root.scrollTop + root.clientHeight) / rowPx) + ROWS_BEYOND);
    const seen = ids.slice(first * columns, last * columns);
    for (const [id, card] of live) {
      if (seen.includes(id)) continue;
      card.leave();
      live.delete(id);
    }
    const drawn = seen.map((id, place) => {
      const card = live.get(id) ?? createCard(id);
      live.set(id, card);
      card.show(faceOf(id), {
        position: first * columns + place + 1,
        of: ids.length,
        isChosen: selection?.chosen.has(id) ?? false,
        isCurrent: selection?.current === id,
      });
      return card.root;
    });
    if (drawn.length !== cards.children.length || drawn.some((card, place) => cards.children[place] !== card)) cards.replaceChildren(...drawn);
    cards.style.setProperty('--above', `${first * rowPx}px`);
    cards.style.setProperty('--below', `${Math.max(0, rows - last) * rowPx}px`);
    const current = selection?.current ?? null;
    if (current !== null && live.has(current)) root.setAttribute('aria-activedescendant', `photograph-${current}`);
    else root.removeAttribute('aria-activedescendant');
  }

  /** Scroll as far as the current one needs to be seen. */
  function reveal() {
    const at = selection?.current === null || !selection ? -1 : ids.indexOf(selection.current);
    if (at < 0) return;
    const top = Math.floor(at / columns) * rowPx;
    if (top < root.scrollTop) root.scrollTop = top;
    else if (top + rowPx > root.scrollTop + root.clientHeight) root.scrollTop = top + rowPx - root.clientHeight;
    draw();
  }

  return {
    root,

    room: () => ({ columns, rows: Math.max(1, Math.floor(root.clientHeight / rowPx)) }),

    /**
     * @param {readonly number[]} shown ids, in order
     * @param {(id: number) => Face} face what a photograph's card says
     * @param {Selection} meant
     */
    show(shown, face, meant) {
      const isFirst = live.size === 0;
      [ids, faceOf, selection] = [shown, face, meant];
      draw();
      if (isFirst) measure();
      reveal();
    },
  };
}
