/** What the visitor chose before, kept by the browser where it lets the page. */

const PREFIX = 'pagesight.';

/**
 * @param {string} key
 * @returns {string | null}
 */
export function recall(key) {
  try {
    return window.localStorage.getItem(PREFIX + key);
  } catch {
    return null; // a browser may forbid it to a page
  }
}

/**
 * @param {string} key
 * @param {string | null} value null forgets it
 */
export function remember(key, value) {
  try {
    if (value === null) window.localStorage.removeItem(PREFIX + key);
    else window.localStorage.setItem(PREFIX + key, value);
  } catch {
    // Full or forbidden: the choice then lasts as long as the page is open.
  }
}
