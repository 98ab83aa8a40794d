/** What a model can find, before anything is found. Loaded when there is nothing else to do. */

import '../style/kinds.css';

import { byId, element } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

/** @param {readonly string[]} labels */
export function showKinds(labels) {
  const title = element('summary', 'kinds-title', texts.kinds(labels));
  title.id = 'kinds-title';
  const all = document.createElement('details');
  all.append(title, element('p', 'kinds-list', labels.join(', ')));
  byId('kinds', HTMLElement).replaceChildren(...(labels.length > 0 ? [all] : []));
}
