/** Editing boxes in the picture: by pointer and finger, by keys, and by the tools beside it. */

import { createEditTools } from './edit-tools.js';
import { createHandles, grabbedCorner, grabbedEdge } from './handles.js';
import { words } from '../../../texts/tasks/words.js';

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('./handles.js').Point} Point */

/**
 * @typedef {{
 *   move: (index: number, by: {dx: number, dy: number}) => void,
 *   resize: (index: number, box: Box) => void,
 * }} Changes
 *
 * @typedef {Changes & {
 *   overlay: import('../../../view/overlay.js').Overlay,
 *   announce: (text: string) => void,
 *   labels: () => readonly string[],
 *   detections: () => readonly Detection[],
 *   canUndo: () => boolean,
 *   canRedo: () => boolean,
 *   beginDrag: () => Changes & {add: (box: Box) => void, revert: () => void},
 *   relabel: (index: number, label: string) => void,
 *   remove: (index: number) => void,
 *   add: (box: Box) => void,
 *   undo: () => void,
 *   redo: () => void,
 *   light: (index: number | null) => void,
 * }} Parts
 */

const DRAG_FROM_PX = 4; // less is a tap
const LARGE_STEP = 10;
const DIRECTIONS = Object.freeze({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

/** @param {Parts} parts */
export function createEditor(parts) {
  const { overlay, detections } = parts;
  const { root } = overlay;
  const handles = createHandles(root);
  const listening = new AbortController();
  const { signal } = listening;
  /** @type {number | null} */
  let selected = detections().length > 0 ? 0 : null;
  /** @type {{pointer: number, start: Point, isMoving: boolean, isNew?: boolean, to: (point: Point) => void, revert: () => void} | null} */
  let drag = null;

  const tools = createEditTools({
    ...parts,
    box: () => (selected === null ? null : detections()[selected] ?? null),
    relabel: (label) => selected !== null && parts.relabel(selected, label),
    leaveLabel: () => select(selected, true),
    resize: (box) => selected !== null && parts.resize(selected, box),
    remove,
    add() {
      const { width, height } = root.viewBox.baseVal;
      parts.add({ x1: width * 0.4, y1: height * 0.4, x2: width * 0.6, y2: height * 0.6 });
      select(detections().length - 1, true);
    },
  });

  /** @param {number | null} index @param {boolean} isFocused */
  function select(index, isFocused = false) {
    selected = index;
    if (index !== null && isFocused) overlay.focus(index);
    show();
  }

  function remove() {
    if (selected === null) return;
    parts.remove(selected);
    const left = detections().length;
    select(left === 0 ? null : Math.min(selected, left - 1), true);
    if (left === 0) tools.focus();
  }

  function show() {
    if (selected !== null && selected >= detections().length) selected = detections().length - 1;
    if (selected !== null && selected < 0) selected = null;
    parts.light(selected);
    drawHandles();
    tools.show();
  }

  function drawHandles() {
    handles.show(selected === null ? null : detections()[selected]?.box ?? null, overlay.unit());
  }

  /**
   * A corner of the one that is selected resizes it, a box is moved, and beside all boxes a new one begins.
   *
   * @param {PointerEvent} event
   */
  function beginDrag(event) {
    if (event.button !== 0) return;
    if (drag) return giveUp(); // a second finger: the picture is moved, not a box
    const start = overlay.pointOf(event);
    const changes = parts.beginDrag();
    const box = selected === null ? null : detections()[selected]?.box ?? null;
    const anchor = box && grabbedCorner(box, start, overlay.unit());
    const edge = box && !anchor && grabbedEdge(box, start, overlay.unit());
    const index = anchor || edge ? selected : overlay.indexAt(start);
    const begun = { pointer: event.pointerId, start, isMoving: false, revert: changes.revert };
    if (anchor && index !== null) {
      drag = { ...begun, to: ({ x, y }) => changes.resize(index, { x1: anchor.x, y1: anchor.y, x2: x, y2: y }) };
    } else if (edge && index !== null) {
      drag = { ...begun, to: (point) => changes.resize(index, edge(point)) };
    } else if (index !== null) {
      select(index, true);
      drag = { ...begun, to: ({ x, y }) => changes.move(index, { dx: x - start.x, dy: y - start.y }) };
    } else {
      drag = {
        ...begun,
        isNew: true,
        to({ x, y }) {
          changes.add({ x1: start.x, y1: start.y, x2: x, y2: y });
          select(detections().length - 1);
        },
      };
    }
    root.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  function goOn(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    const point = overlay.pointOf(event);
    const way = Math.hypot(point.x - drag.start.x, point.y - drag.start.y);
    drag.isMoving ||= way > DRAG_FROM_PX * overlay.unit();
    if (drag.isMoving) drag.to(point);
  }

  function giveUp() {
    drag?.revert();
    drag = null;
  }

  /** What a new box shows is asked for at once; by touch not, as the keyboard would hide the picture. */
  function endDrag() {
    const isToBeNamed = drag?.isNew && drag.isMoving;
    drag = null;
    if (isToBeNamed && window.matchMedia('(pointer: fine)').matches) tools.focusLabel();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === 'Escape' && drag) {
      giveUp();
      event.preventDefault();
      return;
    }
    const index = overlay.indexOf(event.target);
    const direction = DIRECTIONS[/** @type {keyof typeof DIRECTIONS} */ (event.key)];
    if (index === null) return;
    if (direction) moveByKey(index, direction, event);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove();
    else return;
    event.preventDefault();
  }

  /** @param {number} index @param {readonly number[]} direction @param {KeyboardEvent} event */
  function moveByKey(index, [right = 0, down = 0], event) {
    const step = Math.max(1, overlay.unit()) * (event.shiftKey ? LARGE_STEP : 1);
    const box = detections()[index]?.box;
    if (!box) return;
    if (event.altKey) parts.resize(index, { ...box, x2: box.x2 + right * step, y2: box.y2 + down * step });
    else parts.move(index, { dx: right * step, dy: down * step });
    const moved = detections()[index]?.box ?? box;
    parts.announce(words.editing.place([moved.x1, moved.y1, moved.x2 - moved.x1, moved.y2 - moved.y1].map(Math.round)));
  }

  /** @param {KeyboardEvent} event */
  function onShortcut(event) {
    const isName = tools.isNameUntouched(event.target); // it was asked for when the box was drawn
    const isField = event.target instanceof HTMLInputElement && !isName;
    if (!isField && event.altKey && event.key in DIRECTIONS) event.preventDefault(); // beside a box it would leave the page
    if (isField || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) parts.undo();
    else if (key === 'y' || key === 'z') parts.redo();
    else return;
    event.preventDefault();
    if (!isName) return;
    if (selected === null) tools.focus();
    else select(selected, true);
  }

  root.addEventListener('pointerdown', beginDrag, { signal });
  root.addEventListener('pointermove', goOn, { signal });
  for (const end of ['pointerup', 'pointercancel']) root.addEventListener(end, endDrag, { signal });
  root.addEventListener('keydown', onKey, { signal });
  root.addEventListener('focusin', ({ target }) => !drag && select(overlay.indexOf(target)), { signal });
  document.addEventListener('keydown', onShortcut, { signal });
  root.setAttribute('role', 'application'); // the arrow keys are meant for the boxes, not for reading
  overlay.setEditing({ onDraw: drawHandles, onSelect: (index) => select(index, true) });

  return {
    show,
    select,

    close() {
      listening.abort();
      root.setAttribute('role', 'group');
      overlay.setEditing(null);
      parts.light(null);
      handles.show(null, 1);
      tools.close();
    },
  };
}
