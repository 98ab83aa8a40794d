/**
 * Several photographs: the strip of them, and what is said of them together: that they wait for the server, and until
 * when, or
 * that some failed. Loaded with the second one.
 */

import '../style/strip.css';
import '../style/batch.css';
import { byId } from '../dom/elements.js';
import { errorText, texts } from '../texts/texts.js';
import { createStrip } from './strip.js';

/** @typedef {import('../app/job.js').Job} Job */
/** @typedef {import('../app/pause.js').Pause} Pause */

const TICK_MS = 500;

/**
 * @param {{onRetry: (...jobs: Job[]) => void, announce: (text: string) => void} & import('./strip.js').Parts} parts
 */
export function createBatch({ onRetry, announce, ...parts }) {
  const strip = createStrip({ onRetry, ...parts });
  const root = byId('batch', HTMLElement);
  const text = byId('batch-text', HTMLElement);
  const act = byId('batch-act', HTMLButtonElement);
  const again = byId('again', HTMLElement); // of the photograph that is looked at, beside its failure
  /** @type {readonly Job[]} */
  let offered = [];
  /** @type {Pause | null} */
  let shown = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;

  act.addEventListener('click', () => onRetry(...offered));

  /** @param {HTMLElement} place */
  function count(place) {
    const seconds = shown?.until ? Math.max(0, Math.ceil((shown.until - Date.now()) / 1000)) : null;
    place.textContent = texts.batch.goesOn(seconds);
  }

  return {
    selected: strip.selected,

    /** @param {readonly Job[]} jobs @param {Job | null} selected @param {Pause | null} pause */
    show(jobs, selected, pause) {
      strip.show(jobs, selected);
      const isHeldSeen = pause !== null && selected?.state === 'held';
      const isBegun = pause !== null && shown === null;
      shown = pause;
      clearInterval(clock);
      again.hidden = !isHeldSeen;
      const held = jobs.filter(({ state }) => state === 'held');
      offered = pause ? held : jobs.filter(isWorthTrying);
      root.hidden = jobs.length < 2 || isHeldSeen || offered.length < (pause ? 1 : 2);
      act.textContent = pause ? texts.batch.now : texts.batch.again;
      if (!pause) {
        text.textContent = texts.batch.failed(offered.length);
        return;
      }
      const place = isHeldSeen ? again : text;
      count(place);
      if (pause.until) clock = setInterval(() => count(place), TICK_MS);
      if (isBegun && !isHeldSeen) announce(text.textContent ?? '');
    },
  };
}

/** @param {Job} job */
function isWorthTrying({ state, failure }) {
  return state === 'error' && failure !== null && failure.kind !== 'cancelled' && errorText(failure.kind, null).retry;
}
