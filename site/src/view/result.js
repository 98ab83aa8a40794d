/** A result: boxes in the picture and rows beside it, of which a box and its row light each other up, and the controls. */

import { createAdjust } from '../tasks/detection/controls.js';
import { createBoxes } from './overlay.js';
import { createDetections } from './rows.js';
import { byId } from './dom.js';
import { showTimings } from './timings.js';

/** @typedef {import('../app/job.js').Job} Job */
/** @typedef {import('../app/viewer.js').View} View */

/**
 * @param {{
 *   placeLabels: import('./overlay.js').PlaceLabels,
 *   onTouch: () => void,
 *   onChoice: (change: Partial<import('../app/choices.js').Choice>) => void,
 *   onSettled: () => void,
 *   onServer: (isOn: boolean) => void,
 *   onResetView: () => void,
 * }} parts
 */
export function createResult({ placeLabels, onTouch, onChoice, onSettled, onServer, onResetView }) {
  /** @type {import('../types.js').Size} */
  let size = { width: 1, height: 1 };
  /** @type {number | null} the one that stays lit when nothing is hovered */
  let pinned = null;
  /** @type {View['shown']} */
  let shown = [];

  const boxes = createBoxes({ placeLabels, onTouch, onLight: (index, how) => light(index, how, true) });
  const detections = createDetections({
    onLight(index, how) {
      if (index !== null) onTouch();
      light(index, how, false);
    },
  });
  const adjust = createAdjust({ onChoice, onSettled, onServer, onResetView });

  /**
   * @param {number | null} index
   * @param {'hover' | 'tap' | 'focus'} how
   * @param {boolean} isFromPicture
   */
  function light(index, how, isFromPicture) {
    const editing = boxes.editing();
    if (editing) {
      if (how === 'tap' && index !== null) editing.onSelect(index);
      return;
    }
    if (how === 'tap') pinned = index === pinned ? null : index;
    const lit = how === 'tap' ? pinned : index ?? pinned;
    boxes.light(lit);
    // Only where the list scrolls beside the picture: else the picture would leave the screen.
    detections.light(lit, isFromPicture && how !== 'hover' && window.matchMedia('(min-width: 900px)').matches);
  }

  return {
    boxes,

    /** @param {number | null} index */
    light(index) {
      boxes.light(index);
      detections.light(index, false);
    },

    /** @param {Job} job */
    open({ answer, timings }) {
      if (!answer) return;
      pinned = null;
      size = { width: answer.width, height: answer.height };
      adjust.clear();
      showTimings(answer.model, { ...timings, ...answer.timings });
    },

    /** @param {View} view */
    show(view) {
      if (pinned !== null && view.shown !== shown) light(null, 'tap', false);
      shown = view.shown;
      boxes.show(view.shown, size);
      boxes.setSeen(view.isOwn);
      detections.show(view.shown, view.hasCandidates ? 1 : 0);
      adjust.show(view);
      byId('edited', HTMLElement).hidden = !view.isEdited || boxes.editing() !== null;
    },

    /** Let go of a box that stays lit. */
    unpin() {
      if (pinned !== null) light(null, 'tap', false);
    },

    clear() {
      pinned = null;
      boxes.light(null);
      boxes.clear();
      detections.clear();
    },
  };
}
