/** The controls of what is shown: how sure, which kinds, how much overlap. They appear when there is a choice. */

import { element } from '../../dom/elements.js';
import { classColour } from '../../marks/colour.js';
import { texts } from '../../texts/texts.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').ClassCount} ClassCount */
/** @typedef {import('./types.js').Shown} Shown */

/** @type {import('../contract.js').CreateControls<Choice, Shown>} */
export function createControls({ main, more, onChoice, onSettled }) {
  const confidence = slider('confidence', 1, (value) => onChoice({ confidence: value }), onSettled);
  const overlap = slider('overlap', 5, (value) => onChoice({ iou: value }), onSettled);
  const hint = element('p', 'hint');
  hint.id = 'overlap-hint';
  overlap.input.setAttribute('aria-describedby', hint.id);
  const chips = element('div', 'chips');
  chips.id = 'classes';
  chips.setAttribute('role', 'group');
  main.append(confidence.row, chips);
  more.append(overlap.row, hint);
  /** @type {Map<string, HTMLButtonElement>} */
  const chipByLabel = new Map();
  /** @type {ReadonlySet<string>} */
  let hidden = new Set();

  /** @param {ClassCount} count */
  function chipOf({ label, classId }) {
    const known = chipByLabel.get(label);
    if (known) return known;
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'chip';
    chip.style.setProperty('--class-colour', classColour(classId));
    chip.addEventListener('click', () => {
      const next = new Set(hidden);
      if (!next.delete(label)) next.add(label);
      onChoice({ hidden: [...next].sort() });
      onSettled();
    });
    chipByLabel.set(label, chip);
    return chip;
  }

  return {
    show({ choice, shown: { classes, isAdjustable }, isEdited }) {
      main.hidden = !isAdjustable || isEdited;
      more.hidden = main.hidden;
      hint.textContent = texts.controls.overlapHint;
      chips.setAttribute('aria-label', texts.controls.classes);
      confidence.show(texts.controls.confidence, choice.confidence);
      overlap.show(texts.controls.overlap, choice.iou);
      hidden = new Set(choice.hidden);
      const offered = classes.filter((count) => count.many > 0 || count.hidden);
      chips.hidden = offered.length < 2 && hidden.size === 0;
      const wanted = offered.map((count) => {
        const chip = chipOf(count);
        const text = texts.classChip(count.label, count.many);
        if (chip.textContent !== text) chip.textContent = text;
        chip.setAttribute('aria-pressed', String(!count.hidden));
        return chip;
      });
      const isSame = wanted.length === chips.children.length && wanted.every((chip, index) => chip === chips.children[index]);
      if (!isSame) placeChips(wanted);
    },

    remove() {
      main.replaceChildren();
      more.replaceChildren();
    },
  };

  /**
   * Without taking the one that has the focus out of the page, which would lose it.
   *
   * @param {HTMLButtonElement[]} wanted
   */
  function placeChips(wanted) {
    for (const chip of [...chips.children]) if (!wanted.includes(/** @type {HTMLButtonElement} */ (chip))) chip.remove();
    wanted.forEach((chip, index) => {
      if (chips.children[index] !== chip) chips.insertBefore(chip, chips.children[index] ?? null);
    });
  }
}

/**
 * @param {string} id
 * @param {number} step in percent
 * @param {(value: number) => void} onMove 0..1
 * @param {() => void} onSettled
 */
function slider(id, step, onMove, onSettled) {
  const row = element('label', 'slider');
  row.id = `${id}-row`;
  const name = element('span', 'slider-name');
  const value = document.createElement('output');
  [value.id, value.className] = [`${id}-value`, 'slider-value'];
  value.setAttribute('for', id);
  const input = document.createElement('input');
  Object.assign(input, { id, type: 'range', min: '5', max: '95', step: String(step), className: 'slider-input' });
  input.addEventListener('input', () => onMove(Number(input.value) / 100));
  input.addEventListener('change', onSettled);
  row.append(name, value, input);

  return {
    row,
    input,

    /** @param {string} text @param {number} fraction */
    show(text, fraction) {
      const percent = texts.percent(fraction);
      name.textContent = text;
      if (input.valueAsNumber !== Math.round(fraction * 100)) input.value = String(Math.round(fraction * 100));
      value.textContent = percent;
      input.setAttribute('aria-valuetext', percent);
      const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
      input.style.setProperty('--share', String(share));
    },
  };
}
