/** The tools beside the picture while boxes are edited: what a box is called, where it is, and what can be done with it. */

import { byId, element } from '../../../dom/elements.js';
import { words } from '../../../texts/tasks/words.js';
import { labelName } from '../../../texts/texts.js';

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */

const SIDES = /** @type {const} */ (['left', 'top', 'width', 'height']);

/**
 * @param {{
 *   box: () => Detection | null,
 *   labels: () => readonly string[],
 *   canUndo: () => boolean,
 *   canRedo: () => boolean,
 *   relabel: (label: string) => void,
 *   leaveLabel: () => void,
 *   resize: (box: Box) => void,
 *   remove: () => void,
 *   add: () => void,
 *   undo: () => void,
 *   redo: () => void,
 * }} parts box gives the one that is selected
 */
export function createEditTools({ box, labels, canUndo, canRedo, relabel, leaveLabel, resize, remove, add, undo, redo }) {
  const root = byId('edit-tools', HTMLElement);
  const hint = element('p', 'hint', `${words.editing.hint} `);
  hint.append(element('span', 'for-pointer', words.editing.hintKeys));
  const fields = element('div', 'edit-fields');
  const label = field(words.editing.label, 'text');
  const options = document.createElement('datalist');
  options.id = 'edit-labels';
  label.input.setAttribute('list', options.id);
  label.input.maxLength = 60;
  label.input.addEventListener('change', () => {
    const text = label.input.value.trim();
    if (text) relabel(text);
  });
  label.input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    label.input.blur(); // which tells the change
    leaveLabel();
  });
  const sides = SIDES.map((side) => {
    const made = field(words.editing[side], 'number');
    made.input.inputMode = 'numeric';
    made.input.addEventListener('change', onSide);
    return made.input;
  });
  fields.append(label.row, options, ...sides.map((input) => /** @type {HTMLElement} */ (input.parentElement)));

  const buttons = element('div', 'edit-buttons');
  const removeButton = button(words.editing.remove, remove);
  const addButton = button(words.editing.add, add);
  const undoButton = button(words.editing.undo, () => canUndo() && undo());
  const redoButton = button(words.editing.redo, () => canRedo() && redo());
  buttons.append(addButton, removeButton, undoButton, redoButton);
  root.replaceChildren(hint, fields, buttons);
  root.hidden = false;

  function onSide() {
    const [left, top, width, height] = sides.map(({ valueAsNumber }) => valueAsNumber);
    if (![left, top, width, height].every(Number.isFinite)) return show();
    const [x1, y1] = [Number(left), Number(top)];
    return resize({ x1, y1, x2: x1 + Number(width), y2: y1 + Number(height) });
  }

  function show() {
    const selected = box();
    fields.hidden = selected === null;
    setEnabled(removeButton, selected !== null);
    setEnabled(undoButton, canUndo());
    setEnabled(redoButton, canRedo());
    if (!selected) return;
    if (document.activeElement !== label.input) label.input.value = labelName(selected.label);
    const [first] = options.options;
    if (options.childElementCount !== labels().length || first?.value !== labels()[0]) {
      options.replaceChildren(...labels().map(optionOf));
    }
    const { x1, y1, x2, y2 } = selected.box;
    [x1, y1, x2 - x1, y2 - y1].forEach((value, index) => {
      const input = /** @type {HTMLInputElement} */ (sides[index]);
      input.value = String(Math.round(value));
    });
  }

  return {
    show,
    focus: () => addButton.focus(),

    /** @param {EventTarget | null} target */
    isNameUntouched: (target) => target === label.input && label.input.value === labelName(box()?.label ?? ''),

    focusLabel() {
      label.input.focus({ preventScroll: true });
      label.input.select();
    },

    close() {
      root.hidden = true;
      root.replaceChildren();
    },
  };
}

/** @param {string} text */
function optionOf(text) {
  const option = document.createElement('option');
  option.value = text;
  return option;
}

/** @param {string} name @param {string} type */
function field(name, type) {
  const row = document.createElement('label');
  row.className = `field field-${type}`;
  const input = document.createElement('input');
  input.type = type;
  input.className = 'field-input';
  input.autocomplete = 'off';
  row.append(element('span', 'field-name', name), input);
  return { row, input };
}

/** @param {string} text @param {() => void} onClick */
function button(text, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button';
  made.textContent = text;
  made.addEventListener('click', onClick);
  return made;
}

/**
 * Not `disabled`, which would take the focus from the one that has just been pressed.
 *
 * @param {HTMLButtonElement} made
 * @param {boolean} isEnabled
 */
function setEnabled(made, isEnabled) {
  if (isEnabled) made.removeAttribute('aria-disabled');
  else made.setAttribute('aria-disabled', 'true');
}
