/** A result: marks in the picture and rows beside it, of which a mark and its row light each other up, and the controls. */

import { byId } from '../dom/elements.js';
import { createOverlay } from './overlay.js';
import { createRows } from './rows.js';

/** @typedef {import('../app/job.js').Job} Job */
/** @typedef {import('../app/viewer.js').View} View */

/**
 * @param {{
 *   onTouch: () => void,
 *   onChoice: (change: object) => void,
 *   onSettled: () => void,
 *   onServer: (isOn: boolean) => void,
 *   onResetView: () => void,
 *   onSave: (format: import('../save/formats.js').Format) => Promise<void>,
 *   further: () => Promise<import('../tasks/contract.js').Further<any>>,
 * }} parts onChoice follows every move, onSettled comes when the hand is off
 */
export function createResult({ onTouch, onChoice, onSettled, onServer, onResetView, onSave, further }) {
  const [main, more] = [byId('adjust', HTMLElement), byId('adjust-more', HTMLElement)];
  const asServer = byId('as-server', HTMLInputElement);
  const asServerRow = byId('as-server-row', HTMLElement);
  const resetView = byId('reset-view', HTMLButtonElement);
  /** @type {import('../media/types.js').Size} */
  let size = { width: 1, height: 1 };
  /** @type {number | null} the one that stays lit when nothing is hovered */
  let pinned = null;
  /** @type {View['shown']} */
  let shown = null;
  /** @type {View['task'] | null} whose controls there are */
  let task = null;
  /** @type {ReturnType<NonNullable<View['task']['controls']>> | undefined} */
  let controls;

  const overlay = createOverlay({ onTouch, onLight: (index, how) => light(index, how, true) });
  const rows = createRows({
    onLight(index, how) {
      if (index !== null) onTouch();
      light(index, how, false);
    },
    onToggle(change) {
      onChoice(change);
      onSettled();
    },
  });

  asServer.addEventListener('change', () => onServer(asServer.checked));
  resetView.addEventListener('click', () => {
    onResetView();
    onSettled();
  });

  /**
   * @param {number | null} index
   * @param {'hover' | 'tap' | 'focus'} how
   * @param {boolean} isFromPicture
   */
  function light(index, how, isFromPicture) {
    const editing = overlay.editing();
    if (editing) {
      if (how === 'tap' && index !== null) editing.onSelect(index);
      return;
    }
    if (how === 'tap') pinned = index === pinned ? null : index;
    const lit = how === 'tap' ? pinned : index ?? pinned;
    overlay.light(lit, pinned);
    // Only where the list scrolls beside the picture: else the picture would leave the screen.
    rows.light(lit, isFromPicture && how !== 'hover' && window.matchMedia('(min-width: 900px)').matches, pinned);
  }

  /** @param {View} view */
  function showControls(view) {
    if (view.task !== task) {
      controls?.remove();
      task = view.task;
      controls = task.controls?.({ main, more, onChoice, onSettled, onSave, further });
    }
    const isEditing = overlay.editing() !== null;
    if (controls) controls.show({ ...view, isEdited: view.isEdited || isEditing });
    else [main.hidden, more.hidden] = [true, true];
    asServerRow.hidden = !view.isAdjustable || !view.hasDrawn || view.isCovered;
    asServer.checked = !view.isOwn;
    resetView.hidden = view.isStart || view.isEdited || isEditing;
  }

  return {
    overlay,

    /** @param {number | null} index */
    light(index) {
      overlay.light(index);
      rows.light(index, false);
    },

    /** @param {Job} job */
    open({ answer, timings }) {
      if (!answer) return;
      pinned = null;
      size = { width: answer.width, height: answer.height };
      controls?.remove();
      [task, controls] = [null, undefined];
      const all = { ...timings, ...answer.timings };
      void import('./timings.js').then(({ showTimings }) => showTimings(answer, all), () => {});
    },

    /** @param {View} view */
    show(view) {
      if (view.shown !== shown) light(null, 'tap', false); // what was lit may be another one now
      shown = view.shown;
      overlay.show(view.marks, size);
      overlay.setSeen(view.isOwn);
      rows.show(view.rows, view.words, overlay.editing() === null);
      showControls(view);
      byId('edited', HTMLElement).hidden = !view.isEdited || overlay.editing() !== null;
    },

    /** Let go of a mark that stays lit. */
    unpin() {
      if (pinned !== null) light(null, 'tap', false);
    },

    clear() {
      pinned = null;
      overlay.light(null);
      overlay.clear();
      rows.clear();
    },
  };
}
