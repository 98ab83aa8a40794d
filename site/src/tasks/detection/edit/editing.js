/** Correcting boxes: what the editor's gestures do to the history of edits. Loaded when it is asked for. */

import * as edit from './history.js';
import { texts } from '../../../texts/texts.js';
import { createEditor } from './editor.js';

/** @typedef {import('./history.js').History} History */
/** @typedef {import('../../../types.js').Box} Box */

/**
 * Let the visitor correct what is shown.
 *
 * @param {{
 *   viewer: import('../../../app/viewer.js').Viewer,
 *   boxes: import('../../../view/overlay.js').Boxes,
 *   announce: (text: string) => void,
 *   classCount: number,
 *   classes: Promise<readonly import('../../../types.js').Class[]>,
 *   light: (index: number | null) => void,
 * }} parts
 */
export function startEditing({ viewer, boxes, announce, classCount, classes, light }) {
  const current = viewer.current();
  if (!current?.job.answer) return { stop() {} };
  const { job, shown } = current;
  const { answer } = current.job;
  const known = new Map([...answer.candidates, ...answer.detections, ...shown].map(({ classId, label }) => [label, classId]));
  // All that the model knows, as soon as the server has told: till then what was found is there to choose from.
  let isOpen = true;
  void classes.then((all) => {
    for (const { classId, label: name } of all) if (!known.has(name)) known.set(name, classId);
    if (isOpen) editor.show();
  });
  let history = job.edits ?? edit.beginEditing(shown, { width: answer.width, height: answer.height });
  let label = shown[0]?.label ?? texts.editing.newLabel;

  /** @param {string} name */
  function classOf(name) {
    const found = edit.classOf(name, [...known].map(([text, classId]) => ({ classId, label: text })), classCount);
    known.set(found.label, found.classId);
    return found;
  }

  /** @param {History} next */
  function apply(next) {
    history = next;
    viewer.edit(history);
    editor.show();
  }

  const editor = createEditor({
    boxes,
    announce,
    light,
    labels: () => [...known.keys()].sort(),
    detections: () => history.detections,
    canUndo: () => history.past.length > 0,
    canRedo: () => history.future.length > 0,

    /** A drag begins anew from what was there before it, so that it is one step. */
    beginDrag() {
      const before = history;
      return {
        move: (index, by) => apply(edit.moveBox(before, index, by)),
        resize: (index, box) => apply(edit.resizeBox(before, index, box)),
        add: (box) => apply(edit.addBox(before, box, classOf(label))),
        revert: () => apply(before),
      };
    },
    move: (index, by) => apply(edit.moveBox(history, index, by, `move ${index}`)),
    resize: (index, box) => apply(edit.resizeBox(history, index, box, `resize ${index}`)),
    relabel(index, name) {
      label = name;
      apply(edit.relabelBox(history, index, classOf(name)));
    },
    remove(index) {
      const removed = history.detections[index]?.label ?? '';
      apply(edit.deleteBox(history, index));
      announce(texts.editing.removed(removed));
    },
    add(box) {
      apply(edit.addBox(history, box, classOf(label)));
      announce(texts.editing.added(label));
    },
    undo() {
      apply(edit.undo(history));
      announce(texts.editing.undone);
    },
    redo() {
      apply(edit.redo(history));
      announce(texts.editing.redone);
    },
  });

  apply(history);
  return {
    stop() {
      isOpen = false;
      editor.close();
      viewer.edit(history.past.length > 0 ? history : null);
    },
  };
}
