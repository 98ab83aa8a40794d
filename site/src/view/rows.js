/** What was found, in words: a summary, and a row for each thing, one tab stop for all of them. */

import { byId, element, svgElement } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

/** @typedef {import('../tasks/contract.js').Row} Row */
/** @typedef {import('../tasks/contract.js').Words} Words */

const EYE = 'M3 12c4-7 14-7 18 0-4 7-14 7-18 0zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z'; // in a field of 24 by 24
const STRUCK = 'M5 19 19 5';
const STEPS = Object.freeze({ ArrowDown: 1, ArrowUp: -1 });

/**
 * @param {{
 *   onLight: (index: number | null, how: 'hover' | 'tap' | 'focus') => void,
 *   onToggle: (change: object) => void,
 * }} parts onLight: the mark of a row, by its number; onToggle: of the task's choice, to hide a row or show it again
 */
export function createRows({ onLight, onToggle }) {
  const root = byId('findings', HTMLElement);
  const title = byId('summary-title', HTMLElement);
  const sentence = byId('summary-sentence', HTMLElement);
  const list = byId('detections', HTMLElement);
  const awaiting = byId('awaiting', HTMLElement);
  /** @type {ReturnType<typeof createRow>[]} */
  const pool = [];
  let many = 0;
  let entry = 0;
  /** The places of the rows whose marks are shown. @type {number[]} */
  let marked = [];

  list.addEventListener('pointerover', (event) => {
    if (event.pointerType !== 'touch') light(placeOf(event.target), 'hover');
  });
  list.addEventListener('pointerleave', (event) => {
    if (event.pointerType !== 'touch') onLight(null, 'hover');
  });
  list.addEventListener('click', ({ target }) => {
    const toggle = target instanceof Element && target.closest('.eye') ? pool[placeOf(target) ?? -1]?.toggle() : undefined;
    if (toggle) onToggle(toggle);
    else light(placeOf(target), 'tap');
  });
  list.addEventListener('focusin', (event) => {
    const place = placeOf(event.target);
    if (place === null) return;
    setEntry(place);
    light(place, 'focus');
  });
  list.addEventListener('focusout', () => onLight(null, 'hover'));
  list.addEventListener('keydown', (event) => {
    const place = placeOf(event.target);
    if (place === null) return;
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (step !== undefined) focusRow((place + step + many) % many);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(many - 1);
    else return;
    event.preventDefault();
  });

  /** @param {EventTarget | null} target */
  function placeOf(target) {
    const item = target instanceof Element ? target.closest('li') : null;
    const place = pool.findIndex((row) => row.item === item);
    return place < 0 ? null : place;
  }

  /** @param {number | null} place @param {'hover' | 'tap' | 'focus'} how */
  function light(place, how) {
    const index = marked.indexOf(place ?? -1);
    onLight(index < 0 ? null : index, how);
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
     * @param {boolean} isAdjustable whether rows can be hidden now
     */
    show(rows, words, isAdjustable) {
      title.textContent = words.title;
      sentence.textContent = words.sentence;
      many = rows.length;
      while (pool.length < many) pool.push(createRow());
      marked = rows.flatMap(({ isHidden }, place) => (isHidden ? [] : [place]));
      rows.forEach((row, place) => pool[place]?.fill(row, isAdjustable));
      while (list.children.length > many) list.lastElementChild?.remove();
      list.append(...pool.slice(list.children.length, many).map(({ item }) => item));
      setEntry(Math.min(entry, Math.max(0, many - 1)));
      root.hidden = false;
      awaiting.hidden = true;
    },

    /**
     * @param {number | null} index
     * @param {boolean} isRevealed whether the row is brought into view
     * @param {number | null} [pinned] the one that stays lit
     */
    light(index, isRevealed, pinned = null) {
      const lit = index === null ? -1 : marked[index];
      pool.forEach(({ item, button }, place) => {
        item.classList.toggle('is-lit', place === lit);
        button.setAttribute('aria-pressed', String(pinned !== null && place === marked[pinned]));
      });
      if (isRevealed) pool[lit ?? -1]?.item.scrollIntoView({ block: 'nearest' });
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
  const more = element('span', 'detection-note');
  button.append(element('span', 'detection-swatch'), name, value, more);
  const eye = document.createElement('button');
  eye.type = 'button';
  eye.className = 'eye';
  const icon = svgElement('svg', '');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  const path = svgElement('path', '');
  icon.append(path);
  eye.append(icon);
  item.append(button, eye);
  /** @type {Row['toggle']} */
  let toggle;
  let filled = '';

  return {
    item,
    button,
    toggle: () => toggle,

    /** @param {boolean} on */
    setTabStop(on) {
      button.tabIndex = on ? 0 : -1;
    },

    /** @param {Row} row @param {boolean} isAdjustable */
    fill({ label, figure, share, colour, note = '', isHidden = false, ...row }, isAdjustable) {
      ({ toggle } = row);
      eye.hidden = !toggle || !isAdjustable;
      eye.setAttribute('aria-label', texts.showKind(label));
      eye.setAttribute('aria-pressed', String(!isHidden));
      path.setAttribute('d', isHidden ? EYE + STRUCK : EYE);
      item.classList.toggle('is-out', isHidden);
      const key = JSON.stringify([label, figure, share, colour, note]);
      if (key === filled) return;
      filled = key;
      name.textContent = label;
      value.textContent = figure;
      more.textContent = note;
      item.style.setProperty('--class-colour', colour);
      item.style.setProperty('--confidence', String(share));
    },
  };
}
