/**
 * The boxes over the picture: drawn from what was found, reached by pointer, finger and keys. One tab stop; the arrow
 * keys go from box to box.
 */

import { texts } from '../texts/texts.js';
import { boxStyle, labelsThatFit, plateSize, withoutCovered } from '../marks/style.js';
import { createBox, svgElement } from './mark.js';
import { byId } from './dom.js';

/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Size} Size */
/** @typedef {Readonly<{x: number, y: number}>} Point in pixels of the picture */

const STEPS = Object.freeze({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

/**
 * @typedef {(boxes: readonly import('../types.js').Box[], sizes: readonly Size[], picture: Size) =>
 *   import('../types.js').Box[]} PlaceLabels
 *
 * @typedef {{onDraw: () => void, onSelect: (index: number) => void}} Editing onDraw is called after each drawing
 *
 * @typedef {ReturnType<typeof createBoxes>} Boxes
 */

/**
 * @param {{
 *   placeLabels: PlaceLabels,
 *   onTouch: () => void,
 *   onLight: (index: number | null, how: 'hover' | 'tap' | 'focus') => void,
 * }} parts onTouch: somebody has come near a box
 */
export function createBoxes({ placeLabels, onTouch, onLight }) {
  const root = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId('boxes', SVGElement)));
  const boxLayer = svgElement('g', 'box-layer');
  const labelLayer = svgElement('g', 'label-layer');
  labelLayer.setAttribute('aria-hidden', 'true');
  root.append(boxLayer, labelLayer);
  /** @type {import('./mark.js').BoxElement[]} */
  const pool = [];
  /** @type {readonly Detection[]} */
  let shown = [];
  /** @type {Size} */
  let picture = { width: 1, height: 1 };
  let entry = 0; // the box that Tab reaches
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
    const index = boxAt(pointOf(event));
    if (index !== null) onTouch();
    onLight(index, 'hover');
  });
  root.addEventListener('pointerleave', (event) => {
    if (!editing && event.pointerType !== 'touch') onLight(null, 'hover');
  });
  root.addEventListener('click', (event) => {
    if (editing) return;
    onTouch();
    onLight(indexOf(event.target) ?? boxAt(pointOf(event)), 'tap');
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
    const group = target instanceof Element ? target.closest('.box') : null;
    const index = pool.findIndex((box) => box.root === group);
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
    const { left, top, width, height } = root.getBoundingClientRect();
    const scale = unit();
    return {
      x: (clientX - left - width / 2) * scale + picture.width / 2,
      y: (clientY - top - height / 2) * scale + picture.height / 2,
    };
  }

  /**
   * Of boxes over each other the smallest is meant: the others can be reached beside it.
   *
   * @param {Point} point
   */
  function boxAt({ x, y }) {
    let best = null;
    let least = Infinity;
    shown.forEach(({ box }, index) => {
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
    pool.forEach((box, place) => box.setTabStop(editing !== null || place === entry));
  }

  /** @param {number} index */
  function focus(index) {
    pool[index]?.root.focus({ preventScroll: true });
  }

  function draw() {
    const style = boxStyle(picture, unit());
    const words = shown.map(({ label, confidence }) => `${label} ${texts.percent(confidence)}`);
    const sizes = labelsThatFit(words.map((text) => plateSize(text, style)), picture);
    const places = withoutCovered(placeLabels(shown.slice(0, sizes.length).map(({ box }) => box), sizes, picture));
    while (pool.length < shown.length) {
      const box = createBox();
      pool.push(box);
      boxLayer.prepend(box.root); // the most confident on top
      labelLayer.prepend(box.label);
    }
    pool.forEach((box, index) => box.setShown(index < shown.length));
    shown.forEach((detection, index) => {
      const text = words[index] ?? '';
      const name = texts.boxName(detection, index + 1);
      pool[index]?.draw({ detection, text, name, place: places[index] ?? null, style, picture });
    });
    setEntry(entry < shown.length ? entry : 0);
    editing?.onDraw();
  }

  return {
    root,
    unit,
    pointOf,
    boxAt,
    focus,

    /**
     * @param {readonly Detection[]} detections
     * @param {Size} size of the picture
     */
    show(detections, size) {
      shown = detections;
      picture = { width: size.width, height: size.height };
      root.setAttribute('viewBox', `0 0 ${picture.width} ${picture.height}`);
      root.toggleAttribute('hidden', false);
      draw();
    },

    /** @param {boolean} isSeen whether the boxes are drawn here, not by the server */
    setSeen(isSeen) {
      root.classList.toggle('is-ghost', !isSeen);
    },

    indexOf,

    /**
     * Leave the boxes to an editor: then every box is a tab stop, for the arrow keys move it.
     *
     * @param {Editing | null} editor
     */
    setEditing(editor) {
      editing = editor;
      root.classList.toggle('is-editing', editor !== null);
      setEntry(entry);
    },

    editing: () => editing,

    /** @param {number | null} index */
    light(index) {
      root.classList.toggle('has-lit', index !== null);
      pool.forEach((box, place) => box.setLit(place === index));
    },

    clear() {
      shown = [];
      entry = 0;
      root.toggleAttribute('hidden', true);
      draw();
    },
  };
}
