/**
 * Looking nearer at the picture: by wheel, two fingers, two taps and keys, and moving it while it is near. Nothing is caught
 * that the page needs: the wheel scrolls the page as long as the whole picture is seen, unless Ctrl is held, as a touch pad's
 * pinch has it.
 */

import { moved, WHOLE, zoomed } from './zoom.js';

/** @typedef {import('./zoom.js').Look} Look */
/** @typedef {import('../marks/types.js').Point} Point */

const STEP = 1.5; // of a key or a button
const WHEEL = 0.002; // per pixel that a wheel scrolls
const WHEEL_LINE_PX = 16;
const NEAR = 2.5; // what two taps lead to
const TAPS_MS = 300;
const SAME_PLACE_PX = 24;

/**
 * @param {{
 *   frame: HTMLElement,
 *   surface: Element,
 *   isEditing: () => boolean,
 *   onLook: () => void,
 * }} parts surface: what the pointer is over, as large as the frame while the whole picture is seen
 */
export function createNear({ frame, surface, isEditing, onLook }) {
  /** @type {Look} */
  let look = WHOLE;
  let isOpen = false;
  /** The fingers and buttons that are down. @type {Map<number, Point>} */
  const down = new Map();
  let isDragged = false;
  let lastTap = { time: 0, x: 0, y: 0 };

  /** @param {Look} next */
  function show(next) {
    if (next === look) return;
    look = next;
    const isNear = look !== WHOLE;
    frame.classList.toggle('is-near', isNear);
    for (const [name, value] of [['--near', look.scale], ['--near-x', `${look.x}px`], ['--near-y', `${look.y}px`]]) {
      frame.style.setProperty(String(name), String(value));
    }
    onLook();
  }

  /** @param {{clientX: number, clientY: number}} event @returns {Point} */
  function pointOf({ clientX, clientY }) {
    const { left, top } = frame.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  const size = () => ({ width: frame.clientWidth, height: frame.clientHeight });
  const middle = () => ({ x: frame.clientWidth / 2, y: frame.clientHeight / 2 });

  frame.addEventListener(
    'wheel',
    (event) => {
      if (!isOpen || !(event.ctrlKey || event.metaKey || look !== WHOLE || document.fullscreenElement === frame)) return;
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1);
      show(zoomed(look, Math.exp(-pixels * WHEEL * (event.ctrlKey ? 4 : 1)), pointOf(event), size()));
    },
    { passive: false },
  );
  // The browser's own gestures of two fingers would move the whole page.
  frame.addEventListener(
    'touchmove',
    (event) => {
      if (isOpen && event.touches.length > 1) event.preventDefault();
    },
    { passive: false },
  );

  surface.addEventListener('pointerdown', (event) => {
    const { pointerId, button } = /** @type {PointerEvent} */ (event);
    if (!isOpen || button !== 0) return;
    if (down.size === 0) isDragged = false;
    down.set(pointerId, pointOf(/** @type {PointerEvent} */ (event)));
  });
  window.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const after = pointOf(event);
    const [other] = [...down].flatMap(([id, point]) => (id === event.pointerId ? [] : [point]));
    if (!other && (look === WHOLE || isEditing())) return;
    down.set(event.pointerId, after);
    if (distance(before, after) > 0) isDragged = true;
    if (!other) return show(moved(look, { x: after.x - before.x, y: after.y - before.y }, size()));
    const nearer = zoomed(look, distance(after, other) / Math.max(1, distance(before, other)), before, size());
    show(moved(nearer, { x: (after.x - before.x) / 2, y: (after.y - before.y) / 2 }, size()));
  });
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    window.addEventListener(end, (event) => {
      const isTap = down.delete(event.pointerId) && end === 'pointerup' && !isDragged && down.size === 0;
      if (isTap && !isEditing()) tap(event);
    });
  }
  // What ends a drag is no click on a mark.
  surface.addEventListener('click', (event) => isDragged && event.stopImmediatePropagation(), { capture: true });

  /** @param {PointerEvent} event */
  function tap(event) {
    const { x, y } = pointOf(event);
    const isSecond = event.timeStamp - lastTap.time < TAPS_MS && distance(lastTap, { x, y }) < SAME_PLACE_PX;
    lastTap = isSecond ? { time: 0, x, y } : { time: event.timeStamp, x, y };
    if (isSecond) show(look === WHOLE ? zoomed(look, NEAR, { x, y }, size()) : WHOLE);
  }

  /** What has the focus is seen. */
  surface.addEventListener('focusin', ({ target }) => {
    if (look === WHOLE || !(target instanceof Element)) return;
    const [outer, inner] = [frame.getBoundingClientRect(), target.getBoundingClientRect()];
    const [x, y] = [(inner.left + inner.right) / 2 - outer.left, (inner.top + inner.bottom) / 2 - outer.top];
    const isSeen = x > 0 && y > 0 && x < outer.width && y < outer.height;
    if (!isSeen) show(moved(look, { x: outer.width / 2 - x, y: outer.height / 2 - y }, size()));
  });
  new ResizeObserver(() => show(moved(look, { x: 0, y: 0 }, size()))).observe(frame);

  return {
    isNear: () => look !== WHOLE,
    nearer: () => show(zoomed(look, STEP, middle(), size())),
    farther: () => show(zoomed(look, 1 / STEP, middle(), size())),
    whole: () => show(WHOLE),

    /** @param {boolean} is whether there is a picture to look at */
    setOpen(is) {
      isOpen = is;
      down.clear();
      show(WHOLE);
    },
  };
}

/** @param {Point} one @param {Point} other */
function distance(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
