/** The controls of masks: how clear they are, which classes, and one of them cut out. */

import '../../style/task-controls.css';

import { createChips } from '../../dom/chips.js';
import { element } from '../../dom/elements.js';
import { createSlider } from '../../dom/slider.js';
import { classColour } from '../../marks/colour.js';
import { words } from '../../texts/tasks/words.js';
import { labelName, texts } from '../../texts/texts.js';
import { cutOutOf } from './formats/formats.js';
import { createHover } from './hover.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Segment} Segment */
/** @typedef {import('./types.js').Shown} Shown */

/** @type {import('../contract.js').CreateControls<Choice, Shown, import('./types.js').Result>} */
export function createControls({ main, more, onChoice, onSettled, onSave }) {
  const opacity = createSlider('opacity', { min: 0, max: 100, step: 5 }, (value) => onChoice({ opacity: value }), onSettled);
  const chips = createChips((hidden) => {
    onChoice({ hidden });
    onSettled();
  });
  const cutting = createCutting((segment) => onSave(cutOutOf(segment)));
  main.append(opacity.row, chips.root, cutting.root);
  /** @type {Shown | null} */
  let seen = null;
  const hover = createHover((x, y) => {
    const classId = seen?.classMap.at(x, y);
    const named = seen?.named.find((one) => one.classId === classId);
    return named ? { text: `${labelName(named.label)} ${texts.percent(named.share)}`, classId: named.classId } : null;
  });

  return {
    show({ choice, shown }) {
      const { all, segments, isAdjustable, classMap } = shown;
      seen = shown;
      void classMap.read().catch(() => {}); // then nothing is named under the pointer
      main.hidden = !isAdjustable;
      more.hidden = true;
      opacity.show(words.controls.opacity, choice.opacity);
      chips.show(
        words.controls.classes,
        all.map(({ label, classId }) => {
          return { label, text: labelName(label), colour: classColour(classId), hidden: choice.hidden.includes(label) };
        }),
        choice.hidden,
      );
      cutting.show(segments);
    },

    remove() {
      hover.remove();
      main.replaceChildren();
    },
  };
}

/** @param {(segment: Segment) => void} onCut */
function createCutting(onCut) {
  const root = element('div', 'task-row');
  const select = document.createElement('select');
  select.className = 'engine-choice';
  select.id = 'cut-out-class';
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'button', id: 'cut-out' });
  root.append(select, button);
  /** @type {readonly Segment[]} */
  let offered = [];
  button.addEventListener('click', () => {
    const segment = offered.find(({ classId }) => String(classId) === select.value);
    if (segment) onCut(segment);
  });

  return {
    root,

    /** @param {readonly Segment[]} segments */
    show(segments) {
      offered = segments;
      const chosen = select.value;
      select.replaceChildren(...segments.map(({ label, classId }) => new Option(labelName(label), String(classId))));
      if (segments.some(({ classId }) => String(classId) === chosen)) select.value = chosen;
      select.setAttribute('aria-label', words.segmentation.cutOutClass);
      select.hidden = segments.length < 2;
      const { cutOut, cutOutChosen } = words.segmentation;
      button.textContent = segments.length === 1 ? cutOut(labelName(segments[0]?.label ?? '')) : cutOutChosen;
      root.hidden = segments.length === 0;
    },
  };
}
