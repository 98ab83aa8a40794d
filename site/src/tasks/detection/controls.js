/** The controls of what is shown: how sure, which kinds, how much overlap. They appear when there is a choice. */

import { texts } from '../../texts/texts.js';
import { classColour } from '../../marks/colour.js';
import { byId } from '../../view/dom.js';

/** @typedef {import('./filter.js').ClassCount} ClassCount */
/** @typedef {import('../../app/choices.js').Choice} Choice */

/**
 * @param {{
 *   onChoice: (change: Partial<Choice>) => void,
 *   onSettled: () => void,
 *   onServer: (isOn: boolean) => void,
 *   onResetView: () => void,
 * }} parts onChoice follows every move, onSettled comes when the hand is off
 */
export function createAdjust({ onChoice, onSettled, onServer, onResetView }) {
  const root = byId('adjust', HTMLElement);
  const confidence = slider('confidence', (value) => onChoice({ confidence: value }), onSettled);
  const overlap = slider('overlap', (value) => onChoice({ iou: value }), onSettled);
  const asServer = byId('as-server', HTMLInputElement);
  const asServerRow = byId('as-server-row', HTMLElement);
  const resetView = byId('reset-view', HTMLButtonElement);
  const chips = byId('classes', HTMLElement);
  /** @type {Map<number, HTMLButtonElement>} */
  const chipByClass = new Map();
  /** @type {ReadonlySet<number>} */
  let hidden = new Set();

  asServer.addEventListener('change', () => onServer(asServer.checked));
  resetView.addEventListener('click', () => {
    onResetView();
    onSettled();
  });

  /** @param {ClassCount} count */
  function chipOf({ classId }) {
    const known = chipByClass.get(classId);
    if (known) return known;
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'chip';
    chip.style.setProperty('--class-colour', classColour(classId));
    chip.addEventListener('click', () => {
      const next = new Set(hidden);
      if (!next.delete(classId)) next.add(classId);
      onChoice({ hiddenClasses: [...next] });
      onSettled();
    });
    chipByClass.set(classId, chip);
    return chip;
  }

  return {
    /**
     * @param {{choice: Choice, isStart: boolean, classes: readonly ClassCount[], hasCandidates: boolean,
     *   isEdited: boolean, isOwn: boolean}} view
     */
    show({ choice, isStart, classes, hasCandidates, isEdited, isOwn }) {
      root.hidden = !hasCandidates || isEdited;
      confidence.show(choice.confidence);
      overlap.show(choice.iou);
      byId('overlap-row', HTMLElement).hidden = root.hidden;
      byId('overlap-hint', HTMLElement).hidden = root.hidden;
      asServerRow.hidden = !hasCandidates;
      asServer.checked = !isOwn;
      resetView.hidden = isStart || isEdited;
      hidden = new Set(choice.hiddenClasses);
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

    clear() {
      chips.replaceChildren();
      chipByClass.clear();
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
 * @param {(value: number) => void} onMove 0..1
 * @param {() => void} onSettled
 */
function slider(id, onMove, onSettled) {
  const input = byId(id, HTMLInputElement);
  const value = byId(`${id}-value`, HTMLOutputElement);
  input.addEventListener('input', () => onMove(Number(input.value) / 100));
  input.addEventListener('change', onSettled);

  return {
    /** @param {number} fraction */
    show(fraction) {
      const text = texts.percent(fraction);
      if (input.valueAsNumber !== Math.round(fraction * 100)) input.value = String(Math.round(fraction * 100));
      value.textContent = text;
      input.setAttribute('aria-valuetext', text);
      const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
      input.style.setProperty('--share', String(share));
    },
  };
}
