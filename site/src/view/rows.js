/** What was found, in words: a summary, and a row for each thing, one tab stop for all of them. */

import { byId, element } from '../dom/elements.js';

/** @typedef {import('../tasks/contract.js').Row} Row */
/** @typedef {import('../tasks/contract.js').Words} Words */

const STEPS = Object.freeze({ ArrowDown: 1, ArrowUp: -1 });

/**
 * @param {{onLight: (index: number | null, how: 'hover' | 'tap' | 'focus') => void}} parts
 */
export function createRows({ onLight }) {
  const root = byId('findings', HTMLElement);
  const title = byId('summary-title', HTMLElement);
  const sentence = byId('summary-sentence', HTMLElement);
  const list = byId('detections', HTMLElement);
  const awaiting = byId('awaiting', HTMLElement);
  /** @type {ReturnType<typeof createRow>[]} */
  const pool = [];
  let many = 0;
  let entry = 0;

  list.addEventListener('pointerover', (event) => {
    if (event.pointerType !== 'touch') onLight(indexOf(event.target), 'hover');
  });
  list.addEventListener('pointerleave', (event) => {
    if (event.pointerType !== 'touch') onLight(null, 'hover');
  });
  list.addEventListener('click', (event) => onLight(indexOf(event.target), 'tap'));
  list.addEventListener('focusin', (event) => {
    const index = indexOf(event.target);
    if (index === null) return;
    setEntry(index);
    onLight(index, 'focus');
  });
  list.addEventListener('focusout', () => onLight(null, 'hover'));
  list.addEventListener('keydown', (event) => {
    const index = indexOf(event.target);
    if (index === null) return;
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (step !== undefined) focusRow((index + step + many) % many);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(many - 1);
    else return;
    event.preventDefault();
  });

  /** @param {EventTarget | null} target */
  function indexOf(target) {
    const item = target instanceof Element ? target.closest('li') : null;
    const index = pool.findIndex((row) => row.item === item);
    return index < 0 ? null : index;
  }

  /** @param {number} index */
  function setEntry(index) {
    pool[entry]?.setTabStop(false);
    entry = index;
    pool[entry]?.setTabStop(true);
  }

  /** @param {number} index */
  function focusRow(index) {
    pool[index]?.button.focus();
  }

  return {
    /**
     * @param {readonly Row[]} rows
     * @param {Words} words
     */
    show(rows, words) {
      title.textContent = words.title;
      sentence.textContent = words.sentence;
      many = rows.length;
      while (pool.length < many) pool.push(createRow());
      rows.forEach((row, index) => pool[index]?.fill(row));
      while (list.children.length > many) list.lastElementChild?.remove();
      list.append(...pool.slice(list.children.length, many).map(({ item }) => item));
      setEntry(Math.min(entry, Math.max(0, many - 1)));
      root.hidden = false;
      awaiting.hidden = true;
    },

    /**
     * @param {number | null} index
     * @param {boolean} isRevealed whether the row is brought into view
     */
    light(index, isRevealed) {
      pool.forEach(({ item }, place) => item.classList.toggle('is-lit', place === index));
      if (index !== null && isRevealed) pool[index]?.item.scrollIntoView({ block: 'nearest' });
    },

    clear() {
      many = 0;
      entry = 0;
      root.hidden = true;
      awaiting.hidden = false;
      list.replaceChildren();
    },
  };
}

function createRow() {
  const item = element('li', 'detection');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'detection-row';
  button.tabIndex = -1;
  const name = element('span', 'detection-label');
  const value = element('span', 'detection-confidence');
  button.append(element('span', 'detection-swatch'), name, value);
  item.append(button);
  let filled = '';

  return {
    item,
    button,

    /** @param {boolean} on */
    setTabStop(on) {
      button.tabIndex = on ? 0 : -1;
    },

    /** @param {Row} row */
    fill({ label, figure, share, colour }) {
      const key = JSON.stringify([label, figure, share, colour]);
      if (key === filled) return;
      filled = key;
      name.textContent = label;
      value.textContent = figure;
      item.style.setProperty('--class-colour', colour);
      item.style.setProperty('--confidence', String(share));
    },
  };
}
