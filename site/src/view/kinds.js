/** What a model can find, before anything is found. Loaded when there is nothing else to do. */

import '../style/kinds.css';

import { byId, element } from '../dom/elements.js';
import { labelName, texts } from '../texts/texts.js';

/** @param {readonly string[]} labels */
export function showKinds(labels) {
  const names = labels.map(labelName);
  const title = element('summary', 'kinds-title', texts.kinds(names));
  title.id = 'kinds-title';
  const all = document.createElement('details');
  all.append(title, element('p', 'kinds-list', names.join(', ')));
  byId('kinds', HTMLElement).replaceChildren(...(labels.length > 0 ? [all] : []));
}
