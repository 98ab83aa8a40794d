/**
 * The marks over the picture: painted of what was found, reached by pointer, finger and keys. One tab stop; the arrow keys go
 * from mark to mark.
 */

import { byId, svgElement } from '../dom/elements.js';

/** @typedef {import('../marks/types.js').MarkGroup} MarkGroup */
/** @typedef {import('../marks/types.js').Point} Point */
/** @typedef {import('../media/types.js').Size} Size */

const STEPS = Object.freeze({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

/**
 * @typedef {{onDraw: () => void, onSelect: (index: number) => void}} Editing onDraw is called after each drawing
 *
 * @typedef {ReturnType<typeof createOverlay>} Overlay
 */

/**
 * @param {{
 *   onTouch: () => void,
 *   onLight: (index: number | null, how: 'hover' | 'tap' | 'focus') => void,
 * }} parts onTouch: somebody has come near a mark
 */
export function createOverlay({ onTouch, onLight }) {
  const root = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId('marks', SVGElement)));
  const markLayer = svgElement('g', 'mark-layer');
  const labelLayer = svgElement('g', 'label-layer');
  labelLayer.setAttribute('aria-hidden', 'true');
  root.append(markLayer, labelLayer);
  /** @type {typeof import('./painter.js') | null} */
  let painter = null;
  /** @type {import('./mark.js').MarkElement[]} */
  const pool = [];
  /** @type {readonly MarkGroup[]} */
  let shown = [];
  /** @type {Size} */
  let picture = { width: 1, height: 1 };
  let entry = 0; // the mark that Tab reaches
  /** @type {Editing | null} */
  let editing = null;

  /** As laid out last: to ask the browser while the page is being changed would make it lay out everything at once. */
  let laidOut = { width: 0, height: 0 };
  new ResizeObserver(() => {
    laidOut = root.getBoundingClientRect();
    draw();
  }).observe(root);

  root.addEventListener('pointermove', (event) => {
    if (editing || event.pointerType === 'touch') return;
    const index = indexAt(pointOf(event));
    if (index !== null) onTouch();
    onLight(index, 'hover');
  });
  root.addEventListener('pointerleave', (event) => {
    if (!editing && event.pointerType !== 'touch') onLight(null, 'hover');
  });
  root.addEventListener('click', (event) => {
    if (editing) return;
    onTouch();
    onLight(indexOf(event.target) ?? indexAt(pointOf(event)), 'tap');
  });
  root.addEventListener('focusin', (event) => {
    const index = indexOf(event.target);
    if (index === null) return;
    setEntry(index);
    onTouch();
    onLight(index, 'focus');
  });
  root.addEventListener('focusout', () => {
    if (!editing) onLight(null, 'hover');
  });
  root.addEventListener('keydown', (event) => {
    if (editing) return;
    const index = indexOf(event.target);
    if (index === null) return;
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (step !== undefined) focus((index + step + shown.length) % shown.length);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(shown.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') onLight(index, 'tap');
    else return;
    event.preventDefault();
  });

  /** @param {EventTarget | null} target */
  function indexOf(target) {
    const group = target instanceof Element ? target.closest('.mark') : null;
    const index = pool.findIndex((mark) => mark.root === group);
    return index >= 0 && index < shown.length ? index : null;
  }

  /** How many pixels of the picture a CSS pixel is. */
  function unit() {
    const { width, height } = laidOut.width > 0 ? laidOut : root.getBoundingClientRect();
    return width > 0 && height > 0 ? Math.max(picture.width / width, picture.height / height) : 1;
  }

  /**
   * @param {{clientX: number, clientY: number}} event
   * @returns {Point}
   */
  function pointOf({ clientX, clientY }) {
    const { left, top, width, height } = root.getBoundingClientRect(); // as it is now, however near
    const scale = Math.max(picture.width / Math.max(1, width), picture.height / Math.max(1, height));
    return {
      x: (clientX - left - width / 2) * scale + picture.width / 2,
      y: (clientY - top - height / 2) * scale + picture.height / 2,
    };
  }

  /**
   * Of marks over each other the smallest is meant: the others can be reached beside it.
   *
   * @param {Point} point
   */
  function indexAt({ x, y }) {
    let best = null;
    let least = Infinity;
    shown.forEach(({ box, covers }, index) => {
      if (covers?.({ x, y })) [best, least] = [index, 0];
      if (!box) return;
      const area = (box.x2 - box.x1) * (box.y2 - box.y1);
      if (x >= box.x1 && x <= box.x2 && y >= box.y1 && y <= box.y2 && area < least) {
        least = area;
        best = index;
      }
    });
    return best;
  }

  /** @param {number} index */
  function setEntry(index) {
    entry = index;
    pool.forEach((mark, place) => mark.setTabStop(editing !== null || place === entry));
  }

  /** @param {number} index */
  function focus(index) {
    pool[index]?.root.focus({ preventScroll: true });
  }

  async function load() {
    painter = await import('./painter.js');
    draw();
  }

  function draw() {
    if (!painter) return shown.length > 0 && void load().catch(() => {}); // the rows still say what there is
    const { createMark, layLabels, markStyle } = painter;
    const style = markStyle(picture, unit());
    const labels = layLabels(shown, style, picture, true);
    while (pool.length < shown.length) {
      const mark = createMark();
      pool.push(mark);
      markLayer.prepend(mark.root); // the first on top
      labelLayer.prepend(mark.label);
    }
    pool.forEach((mark, index) => mark.setShown(index < shown.length));
    shown.forEach((group, index) => pool[index]?.draw(group, labels[index] ?? null, style));
    setEntry(entry < shown.length ? entry : 0);
    return editing?.onDraw();
  }

  return {
    root,
    unit,
    pointOf,
    indexAt,
    focus,

    /**
     * @param {readonly MarkGroup[]} groups
     * @param {Size} size of the picture
     */
    show(groups, size) {
      shown = groups;
      picture = { width: size.width, height: size.height };
      root.setAttribute('viewBox', `0 0 ${picture.width} ${picture.height}`);
      root.toggleAttribute('hidden', false);
      draw();
    },

    /** @param {boolean} isSeen whether the marks are painted here, not drawn by the server */
    setSeen(isSeen) {
      root.classList.toggle('is-ghost', !isSeen);
    },

    indexOf,

    /** The picture is looked at from another distance, but lines and letters keep their sizes. */
    refit() {
      laidOut = root.getBoundingClientRect();
      draw();
    },

    /**
     * Leave the marks to an editor: then every one is a tab stop, for the arrow keys move it.
     *
     * @param {Editing | null} editor
     */
    setEditing(editor) {
      editing = editor;
      root.classList.toggle('is-editing', editor !== null);
      setEntry(entry);
    },

    editing: () => editing,

    /** @param {number | null} index @param {number | null} [pinned] the one that stays lit */
    light(index, pinned = null) {
      root.classList.toggle('has-lit', index !== null);
      pool.forEach((mark, place) => mark.setLit(place === index, place === pinned));
    },

    clear() {
      shown = [];
      entry = 0;
      root.toggleAttribute('hidden', true);
      draw();
    },
  };
}
