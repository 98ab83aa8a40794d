/** The light in the footer. */

import { lights } from '../texts.js';
import { byId, element } from './dom.js';

/** @typedef {import('../types.js').ServerStatus} ServerStatus */

export function createStatusLight() {
  const root = byId('status', HTMLElement);
  const note = byId('offline-note', HTMLElement);
  let shown = '';

  return {
    /** @param {ServerStatus} status */
    show({ light, model }) {
      note.hidden = light !== 'offline';
      const text = lights[light](model);
      if (text === shown) return; // a live region that is filled anew may be read out anew
      shown = text;
      root.dataset.state = light;
      root.replaceChildren(element('span', 'status-dot'), element('span', 'status-text', text));
    },
  };
}
