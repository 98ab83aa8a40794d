/** A slider of percents, with its name and value above it. */

import '../style/adjust.css';
import { texts } from '../texts/texts.js';
import { element } from './elements.js';

/**
 * @param {string} id
 * @param {Readonly<{min: number, max: number, step: number}>} range in percent
 * @param {(value: number) => void} onMove 0..1
 * @param {() => void} onSettled
 */
export function createSlider(id, { min, max, step }, onMove, onSettled) {
  const row = element('label', 'slider');
  row.id = `${id}-row`;
  const name = element('span', 'slider-name');
  const value = document.createElement('output');
  [value.id, value.className] = [`${id}-value`, 'slider-value'];
  value.setAttribute('for', id);
  const input = document.createElement('input');
  Object.assign(input, { id, type: 'range', min: String(min), max: String(max), step: String(step), className: 'slider-input' });
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
