/** What went wrong, and what to do next. */

import { byId, element } from '../dom/elements.js';
import { errorText, texts } from '../texts/texts.js';

/** @typedef {import('../app/failure.js').Failure} Failure */

/** Kinds for which the server's own sentence tells more than ours. */
const DETAILED = /^(?:refused|too-large|not-an-image|video)/;

export function createError() {
  const root = byId('error', HTMLElement);
  const sheet = byId('error-sheet', HTMLElement);
  const retry = byId('retry', HTMLButtonElement);

  return {
    /** @param {Failure} failure @param {boolean} isHeld whether it is tried again by itself */
    show({ kind, detail, requestId, waitS }, isHeld) {
      const text = errorText(kind, isHeld ? null : waitS, window.location.origin);
      retry.hidden = !text.retry;
      sheet.hidden = false;
      root.replaceChildren(
        element('p', 'error-title', text.title),
        element('p', 'error-advice', text.advice),
        ...(detail && DETAILED.test(kind) ? [element('p', 'error-detail', detail)] : []),
        ...(requestId && kind === 'server' ? [element('p', 'error-detail', texts.reference(requestId))] : []),
      );
    },

    offersRetry() {
      return !retry.hidden;
    },

    clear() {
      sheet.hidden = true;
      retry.hidden = true;
      root.replaceChildren();
    },
  };
}
