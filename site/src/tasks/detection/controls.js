/** The controls of what is shown: how sure, which kinds, how much overlap. They appear when there is a choice. */

import { createChips } from '../../dom/chips.js';
import { element } from '../../dom/elements.js';
import { createSlider } from '../../dom/slider.js';
import { classColour } from '../../marks/colour.js';
import { labelName, texts } from '../../texts/texts.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Shown} Shown */

/** @type {import('../contract.js').CreateControls<Choice, Shown>} */
export function createControls({ main, more, onChoice, onSettled }) {
  const range = { min: 5, max: 95 };
  const confidence = createSlider('confidence', { ...range, step: 1 }, (value) => onChoice({ confidence: value }), onSettled);
  const overlap = createSlider('overlap', { ...range, step: 5 }, (value) => onChoice({ iou: value }), onSettled);
  const hint = element('p', 'hint');
  hint.id = 'overlap-hint';
  overlap.input.setAttribute('aria-describedby', hint.id);
  const chips = createChips((hidden) => {
    onChoice({ hidden });
    onSettled();
  });
  main.append(confidence.row, chips.root);
  more.append(overlap.row, hint);

  return {
    show({ choice, shown: { classes, isAdjustable, hasChips }, isEdited }) {
      main.hidden = !isAdjustable || isEdited;
      more.hidden = main.hidden;
      hint.textContent = texts.controls.overlapHint;
      confidence.show(texts.controls.confidence, choice.confidence);
      overlap.show(texts.controls.overlap, choice.iou);
      const offered = hasChips ? classes.filter((count) => count.many > 0 || count.hidden) : [];
      chips.show(
        texts.controls.classes,
        offered.map(({ label, classId, many, hidden }) => {
          return { label, text: texts.classChip(labelName(label), many), colour: classColour(classId), hidden };
        }),
        choice.hidden,
      );
    },

    remove() {
      main.replaceChildren();
      more.replaceChildren();
    },
  };
}
