/** What is said beside the live picture: what is seen, how quick it is, and where the time goes. */

import { element } from '../../dom/elements.js';
import { words } from '../../texts/camera/words.js';
import { texts } from '../../texts/texts.js';

/** @typedef {import('../../tasks/contract.js').Row} Row */
/** @typedef {import('../../app/live/figures.js').Figures} Figures */
/** @typedef {Readonly<{model: string, place: import('../../engines/contract.js').Engine['place']}>} By */

const READ_EVERY_MS = 500; // nobody reads what changes ten times a second
const SPEAK_EVERY_MS = 5000;
const ROWS_MAX = 8;

export function createTold() {
  const root = element('div', 'live-told');
  const found = element('p', 'live-found');
  const rows = element('ul', 'live-rows');
  rows.setAttribute('role', 'list');
  const figures = element('p', 'live-figures');
  const place = element('p', 'live-place');
  const more = document.createElement('details');
  more.className = 'live-more';
  const parts = element('dl', 'live-parts');
  more.append(element('summary', 'live-more-title', words.more), parts);
  const spoken = element('p', 'visually-hidden');
  spoken.setAttribute('aria-live', 'polite');
  root.append(found, rows, figures, place, more, spoken);
  let readAt = -Infinity;
  let spokenAt = -Infinity;

  return {
    root,

    /**
     * @param {{words: import('../../tasks/contract.js').Words, rows: readonly Row[], by: By}} seen rows: those that have no place in
     *   the picture
     * @param {Figures | null} quick
     * @param {number} now in milliseconds
     */
    show({ words: { title, sentence, spoken: all }, rows: listed, by }, quick, now) {
      if (now - readAt < READ_EVERY_MS) return;
      readAt = now;
      found.textContent = listed.length > 0 ? title : sentence;
      rows.replaceChildren(...listed.slice(0, ROWS_MAX).map(barOf));
      place.textContent = `${texts.places[by.place](by.model)} · ${words.privacy[by.place] ?? ''}`;
      if (quick) showFigures(quick);
      if (now - spokenAt < SPEAK_EVERY_MS || spoken.textContent === all) return;
      spokenAt = now;
      spoken.textContent = all;
    },

    /** Nothing is known of what the camera sees now. */
    clear() {
      for (const one of [found, figures, place]) one.textContent = '';
      rows.replaceChildren();
      readAt = -Infinity;
    },
  };

  /** @param {Figures} quick */
  function showFigures({ rate, delayMs, parts: took }) {
    figures.textContent = words.figures(rate, delayMs);
    const named = Object.entries(words.parts).filter(([name]) => (took[name] ?? 0) > 0);
    parts.replaceChildren(...named.flatMap(([name, text]) => {
      const time = element('dd', 'live-part', texts.duration(took[name] ?? 0));
      time.dataset.part = name;
      return [element('dt', 'live-part-name', text), time];
    }));
  }
}

/** @param {Row} row */
function barOf({ label, figure, share, colour }) {
  const item = element('li', 'live-bar');
  item.style.setProperty('--share', `${100 * share}%`);
  item.style.setProperty('--colour', colour);
  item.append(element('span', 'live-bar-label', label), element('span', 'live-bar-figure', figure));
  return item;
}
