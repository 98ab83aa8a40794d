/** The choice of what computes, where there is more than one. */

import { byId } from '../dom/elements.js';

/** @typedef {import('../engines/contract.js').Engine} Engine */

/**
 * @param {readonly Engine[]} engines
 * @param {(id: string) => void} onEngine
 */
export function createEnginePicker(engines, onEngine) {
  const row = byId('engine-row', HTMLElement);
  const select = byId('engine', HTMLSelectElement);
  const options = engines.map(({ id }) => Object.assign(document.createElement('option'), { value: id }));
  select.append(...options);
  select.addEventListener('change', () => onEngine(select.value));
  row.hidden = engines.length < 2;

  /** Also in another language. */
  function refresh() {
    engines.forEach(({ label }, index) => {
      const option = options[index];
      if (option) option.textContent = label();
    });
  }

  refresh();
  return { refresh };
}
