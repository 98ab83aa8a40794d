/** The page's address holds what is chosen, so that a link opens the same view. */

/** @returns {string} what follows the # */
export function readAddress() {
  return window.location.hash;
}

/** @param {string} fragment with #, or empty */
export function writeAddress(fragment) {
  const { pathname, search, hash } = window.location;
  if (fragment !== hash) window.history.replaceState(window.history.state, '', pathname + search + fragment);
}

/** @param {() => void} listener called when the visitor changes the address, not when the page does */
export function onAddress(listener) {
  window.addEventListener('hashchange', listener);
}
