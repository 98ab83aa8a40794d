/**
 * What was read as text over the picture, each line as long, as high and as turned as it stands there: to be selected and
 * copied from the picture by pointer, finger and keys. It is seen only where it is selected.
 */

import '../../style/text-layer.css';

import { byId, element } from '../../dom/elements.js';
import { placeOf } from './place.js';

/** @typedef {import('./types.js').Line} Line */

const LETTERS = 100; // how high they are before they are fitted, in CSS pixels (style/text-layer.css)
const STEPS = Object.freeze({ ArrowDown: 1, ArrowUp: -1 });

export function createTextLayer() {
  const frame = byId('frame', HTMLElement);
  const marks = byId('marks', SVGElement);
  const root = element('div', 'text-layer');
  root.id = 'text-layer';
  root.tabIndex = 0;
  root.setAttribute('role', 'group');
  const page = element('div', 'text-page'); // in pixels of the picture
  root.append(page);
  marks.after(root);
  let size = { width: 1, height: 1 };
  /** @type {readonly Line[]} */
  let shown = [];
  let at = -1; // the line that the keys are at

  /** As the picture lies in the frame. */
  function fit() {
    const { clientWidth, clientHeight } = frame;
    const scale = Math.min(clientWidth / size.width, clientHeight / size.height);
    const [left, top] = [(clientWidth - size.width * scale) / 2, (clientHeight - size.height * scale) / 2];
    page.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }
  const watching = new ResizeObserver(fit);
  watching.observe(frame);

  /** What points at a line points at its mark, which lies below. @param {Event} event */
  function passOn(event) {
    marks.dispatchEvent(new PointerEvent(event.type, /** @type {PointerEvent} */ (event)));
  }
  page.addEventListener('pointermove', passOn);
  page.addEventListener('pointerleave', passOn);
  page.addEventListener('click', (event) => getSelection()?.isCollapsed && passOn(event));
  page.addEventListener('pointerdown', (event) => event.pointerType === 'touch' && passOn(event)); // two fingers come nearer

  root.addEventListener('copy', (event) => {
    event.clipboardData?.setData('text/plain', String(getSelection())); // and nothing of how it is laid out here
    event.preventDefault();
  });

  root.addEventListener('keydown', (event) => {
    const selection = getSelection();
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (!selection || event.altKey) return;
    if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) selection.selectAllChildren(page);
    else if (step !== undefined) selectLine(selection, step, event.shiftKey);
    else return;
    event.preventDefault();
  });

  /** @param {Selection} selection @param {number} step @param {boolean} isLonger whether what is selected stays so */
  function selectLine(selection, step, isLonger) {
    const lines = page.querySelectorAll('.text-line');
    at = Math.max(0, Math.min(at + step, lines.length - 1));
    const line = lines[at];
    if (!line) return;
    if (isLonger && page.contains(selection.anchorNode)) selection.extend(line, line.childNodes.length);
    else selection.selectAllChildren(line);
  }

  return {
    /** @param {readonly Line[]} lines @param {typeof size} picture @param {string} name */
    show(lines, picture, name) {
      root.setAttribute('aria-label', name);
      root.hidden = lines.length === 0;
      if (lines === shown) return;
      [shown, size, at] = [lines, picture, -1];
      const made = lines.map(({ text }) => element('div', 'text-line', text));
      // Each in a block of its own, for no browser begins a new line in what is copied where something is laid over the page.
      page.replaceChildren(...made.map(blockOf));
      const widths = made.map(({ offsetWidth }) => offsetWidth); // all before any is changed: the browser lays out once
      made.forEach((line, index) => {
        const { start, along, down } = placeOf(/** @type {Line} */ (lines[index]).polygon);
        const width = Math.max(1, /** @type {number} */ (widths[index]));
        const turned = [along.x / width, along.y / width, down.x / LETTERS, down.y / LETTERS, start.x, start.y];
        line.style.transform = `matrix(${turned.map((number) => number.toFixed(6)).join(', ')})`;
      });
      fit();
    },

    remove() {
      watching.disconnect();
      root.remove();
    },
  };
}

/** @param {HTMLElement} line */
function blockOf(line) {
  const block = element('div', '');
  block.append(line);
  return block;
}
