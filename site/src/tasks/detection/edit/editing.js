/** Correcting boxes: what the editor's gestures do to the history of edits. Loaded when it is asked for. */

import '../../../style/edit.css';
import { words } from '../../../texts/tasks/words.js';
import { labelName } from '../../../texts/texts.js';
import { createEditor } from './editor.js';
import * as edit from './history.js';

/** @typedef {import('./history.js').History} History */
/** @typedef {import('../types.js').Result} Result */
/** @typedef {import('../types.js').Shown} Shown */

/**
 * Let the visitor correct what is shown.
 *
 * @type {import('../../contract.js').Editing<Result, Shown, History>['startEditing']}
 */
export function startEditing({ result, shown: { detections }, edits, size, labels, overlay, announce, light, onEdit }) {
  const found = [...result.candidates, ...result.detections, ...detections];
  const known = new Map(found.map(({ classId, label }) => [label, classId]));
  let classCount = 0;
  // All that the model knows, as soon as it is told: till then what was found is there to choose from.
  let isOpen = true;
  void labels.then((all) => {
    classCount = all.length;
    all.forEach((name, classId) => known.set(name, known.get(name) ?? classId));
    if (isOpen) editor.show();
  });
  let history = edits ? edit.continueEditing(edits, detections) : edit.beginEditing(detections, size);
  let label = labelName(detections[0]?.label ?? words.editing.newLabel); // as it is called

  /** @param {string} name a label, or what it is called in the language that is spoken */
  function classOf(name) {
    const own = [...known.keys()].find((text) => labelName(text) === name) ?? name;
    const found = edit.classOf(own, [...known].map(([text, classId]) => ({ classId, label: text })), classCount);
    known.set(found.label, found.classId);
    return found;
  }

  /** @param {History} next */
  function apply(next) {
    history = next;
    onEdit(history);
    editor.show();
  }

  const editor = createEditor({
    overlay,
    announce,
    light,
    labels: () => [label, ...[...known.keys()].map(labelName).filter((name) => name !== label).sort()], // the last one first
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
      const removed = labelName(history.detections[index]?.label ?? '');
      apply(edit.deleteBox(history, index));
      announce(words.editing.removed(removed));
    },
    add(box) {
      apply(edit.addBox(history, box, classOf(label)));
      announce(words.editing.added(label));
    },
    undo() {
      apply(edit.undo(history));
      announce(words.editing.undone);
    },
    redo() {
      apply(edit.redo(history));
      announce(words.editing.redone);
    },
  });

  apply(history);
  return {
    stop() {
      isOpen = false;
      editor.close();
      onEdit(history.past.length > 0 ? history : null);
    },
  };
}
