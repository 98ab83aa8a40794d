/** What was found, in words. */

import { percent, summarySentence, summaryTitle } from '../texts.js';
import { classColour } from './class-colour.js';
import { byId, element } from './dom.js';

/** @typedef {import('../types.js').Detection} Detection */

export function createDetections() {
  const root = byId('findings', HTMLElement);
  const title = byId('summary-title', HTMLElement);
  const sentence = byId('summary-sentence', HTMLElement);
  const list = byId('detections', HTMLElement);
  const awaiting = byId('awaiting', HTMLElement);

  return {
    /** @param {readonly Detection[]} detections */
    show(detections) {
      title.textContent = summaryTitle(detections);
      sentence.textContent = summarySentence(detections);
      list.replaceChildren(...detections.map(itemOf));
      root.hidden = false;
      awaiting.hidden = true;
    },

    clear() {
      root.hidden = true;
      awaiting.hidden = false;
      list.replaceChildren();
    },
  };
}

/** @param {Detection} detection */
function itemOf({ label, classId, confidence }) {
  const item = element('li', 'detection');
  item.style.setProperty('--class-colour', classColour(classId));
  item.style.setProperty('--confidence', String(confidence));
  item.append(
    element('span', 'detection-swatch'),
    element('span', 'detection-label', label),
    element('span', 'detection-confidence', percent(confidence)),
  );
  return item;
}
