/** The controls of masks: how clear they are, and which classes. */

import { createChips } from '../../dom/chips.js';
import { createSlider } from '../../dom/slider.js';
import { classColour } from '../../marks/colour.js';
import { texts } from '../../texts/texts.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Shown} Shown */

/** @type {import('../contract.js').CreateControls<Choice, Shown>} */
export function createControls({ main, more, onChoice, onSettled }) {
  const opacity = createSlider('opacity', { min: 0, max: 100, step: 5 }, (value) => onChoice({ opacity: value }), onSettled);
  const chips = createChips((hidden) => {
    onChoice({ hidden });
    onSettled();
  });
  main.append(opacity.row, chips.root);

  return {
    show({ choice, shown: { all, isAdjustable } }) {
      main.hidden = !isAdjustable;
      more.hidden = true;
      opacity.show(texts.controls.opacity, choice.opacity);
      chips.show(
        texts.controls.classes,
        all.map(({ label, classId }) => {
          return { label, text: label, colour: classColour(classId), hidden: choice.hidden.includes(label) };
        }),
        choice.hidden,
      );
    },

    remove: () => main.replaceChildren(),
  };
}
