/** What is blurred: a switch for faces, or whatever else is the one thing there is; else a button for each kind. */

import '../../style/task-controls.css';

import { element } from '../../dom/elements.js';
import { words } from '../../texts/tasks/words.js';
import { labelName } from '../../texts/texts.js';

/** @param {(blurred: readonly string[]) => void} onBlurred labels, in order */
export function createBlurControls(onBlurred) {
  const root = element('fieldset', 'blur');
  root.id = 'blur';
  const legend = element('legend', 'slider-name');
  const list = element('div', 'blur-list');
  root.append(legend, list);
  /** @type {readonly string[]} */
  let chosen = [];
  let shown = '';

  /** @param {string} label @param {boolean} isOnly */
  function switchOf(label, isOnly) {
    const row = element('label', isOnly ? 'switch' : 'blur-kind');
    const input = document.createElement('input');
    Object.assign(input, { type: 'checkbox', value: label, className: isOnly ? 'switch-input' : 'blur-check' });
    if (isOnly) input.setAttribute('role', 'switch');
    input.addEventListener('change', () => {
      const others = chosen.filter((one) => one !== label);
      onBlurred((input.checked ? [...others, label] : others).sort());
    });
    row.append(input, element('span', '', isOnly ? words.blur.only(label, labelName(label)) : labelName(label)));
    return row;
  }

  return {
    root,

    /** @param {readonly string[]} labels that can be blurred @param {readonly string[]} blurred */
    show(labels, blurred) {
      chosen = blurred;
      const isOnly = labels.length === 1;
      root.hidden = labels.length === 0;
      legend.hidden = isOnly;
      legend.textContent = words.blur.title;
      const key = JSON.stringify([labels, words.blur.title]);
      if (key !== shown) list.replaceChildren(...labels.map((label) => switchOf(label, isOnly)));
      shown = key;
      for (const input of list.querySelectorAll('input')) input.checked = blurred.includes(input.value);
    },
  };
}
