/** The light in the footer, with its reason and how long ago it was checked. */

import { byId, element } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

/** @typedef {import('../engines/remote/types.js').ServerStatus} ServerStatus */

const REFRESH_MS = 5_000;
/** By the kind of problem; any other answer is not this API's. @type {Readonly<Record<string, keyof typeof texts.reasons>>} */
const REASONS = Object.freeze({
  'unreachable': 'noAnswer',
  'forbidden': 'forbidden',
  'unreadable': 'unreadable',
  'too-often': 'failing',
  'server': 'failing',
  'busy': 'failing',
  'slow-server': 'failing',
});

export function createStatusLight() {
  const root = byId('status', HTMLElement);
  const detail = byId('status-detail', HTMLElement);
  const note = byId('offline-note', HTMLElement);
  /** @type {ServerStatus | null} */
  let last = null;
  let shown = '';

  // Beside the live region, not in it: nobody wants the seconds read out.
  setInterval(showDetail, REFRESH_MS);

  function showDetail() {
    if (!last || last.checkedAt === null) {
      detail.textContent = '';
      return;
    }
    const seconds = Math.max(0, Math.round((Date.now() - last.checkedAt) / 1000));
    detail.textContent = [reasonOf(last), texts.checked(seconds)].join(', ');
  }

  return {
    /** @param {ServerStatus} status */
    show(status) {
      last = status;
      showDetail();
      note.hidden = status.light !== 'offline';
      const text = texts.lights[status.light](status.model);
      if (text === shown) return; // a live region that is filled anew may be read out anew
      shown = text;
      root.dataset.state = status.light;
      root.replaceChildren(element('span', 'status-dot'), element('span', 'status-text', text));
    },

    /** Say the same in another language. */
    refresh() {
      if (last) this.show(last);
    },
  };
}

/** @param {ServerStatus} status */
function reasonOf({ light, queue, reason }) {
  if (light === 'offline') {
    if (!navigator.onLine) return texts.reasons.noNetwork;
    return texts.reasons[REASONS[reason] ?? 'badAnswer'];
  }
  if (queue && queue.running + queue.waiting > 0) return texts.reasons.working(queue.running, queue.waiting);
  return light === 'busy' ? texts.reasons.starting : texts.reasons.free;
}
