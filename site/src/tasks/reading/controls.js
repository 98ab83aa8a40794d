/** The controls of what was read: the text itself over the picture, a search in it, all of it to be copied, how sure. */

import '../../style/task-controls.css';

import { element } from '../../dom/elements.js';
import { createSearchBox } from '../../dom/search-box.js';
import { createSlider } from '../../dom/slider.js';
import { words } from '../../texts/tasks/words.js';
import { allText } from './formats/formats.js';
import { createTextLayer } from './text-layer.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Shown} Shown */

const SUREST = 95; // percent
const STEP = 5;

/** @type {import('../contract.js').CreateControls<Choice, Shown, import('./types.js').Result>} */
export function createControls({ main, more, onChoice, onSettled, onSave }) {
  const layer = createTextLayer();
  const search = createSearchBox('find', (find) => onChoice({ find }), onSettled);
  const copy = document.createElement('button');
  Object.assign(copy, { type: 'button', className: 'button', id: 'copy-text' });
  copy.addEventListener('click', () => void onSave(allText));
  const row = element('div', 'task-row');
  row.append(search.row, copy);
  main.append(row);
  /** @type {ReturnType<typeof createSlider> | undefined} */
  let confidence;

  /** From what the server answers at least. @param {number} answered */
  function sliderFrom(answered) {
    const range = { min: Math.min(SUREST - STEP, Math.floor((answered * 100) / STEP) * STEP), max: SUREST, step: STEP };
    const slider = createSlider('confidence', range, (value) => onChoice({ confidence: value }), onSettled);
    more.append(slider.row);
    return slider;
  }

  return {
    show({ choice, shown: { lines, size, isAdjustable } }) {
      main.hidden = !isAdjustable;
      more.hidden = !isAdjustable;
      layer.show(lines, size, words.reading.layer);
      search.show(words.reading.search, choice.find);
      copy.textContent = words.reading.copyAll;
      copy.disabled = lines.length === 0;
      confidence ??= sliderFrom(choice.answered);
      confidence.show(words.controls.confidence, choice.confidence);
    },

    remove() {
      layer.remove();
      main.replaceChildren();
      more.replaceChildren();
    },
  };
}
