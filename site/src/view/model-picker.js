/** The choice of a model, where there is more than one. */

import '../style/model-picker.css';

import { byId } from '../dom/elements.js';
import { words } from '../texts/tasks/words.js';

/** @typedef {import('../engines/contract.js').Model} Model */

/** @param {(name: string) => void} onModel the name, '' for the first */
export function createModelPicker(onModel) {
  const row = byId('model-row', HTMLElement);
  const select = byId('model', HTMLSelectElement);
  select.addEventListener('change', () => onModel(select.selectedIndex > 0 ? select.value : ''));

  return {
    /**
     * @param {readonly Model[]} models none where there is no choice
     * @param {string} current
     */
    show(models, current) {
      row.hidden = models.length === 0;
      const named = models.map((model) => [model.name, textOf(model)]);
      const isSame = select.options.length === named.length && named.every(([, text], index) => select.options[index]?.text === text);
      if (!isSame) select.replaceChildren(...named.map(([name, text]) => new Option(text, name)));
      select.value = current;
    },
  };
}

/** @param {Model} model */
function textOf({ name, task, door = task, chain }) {
  return `${name} · ${words.finds[door] ?? door}${chain ? ` (${chain.join(' → ')})` : ''}`;
}
