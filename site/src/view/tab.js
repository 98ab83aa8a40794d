/** Whether the visitor looks at this tab. */

const SETTLED_MS = 1_500; // the network itself may come and go a moment after the browser has told so

export function isTabVisible() {
  return document.visibilityState === 'visible';
}

/**
 * Let the browser ask before the page is left.
 *
 * @param {() => boolean} isNeeded
 */
export function askBeforeLeaving(isNeeded) {
  window.addEventListener('beforeunload', (event) => {
    if (isNeeded()) event.preventDefault();
  });
}

/**
 * Tell when the visitor comes back to the tab, or the network to the browser.
 *
 * @param {() => void} listener
 */
export function onTabFocus(listener) {
  document.addEventListener('visibilitychange', () => {
    if (isTabVisible()) listener();
  });
  for (const change of ['online', 'offline']) {
    window.addEventListener(change, () => {
      listener();
      setTimeout(listener, SETTLED_MS);
    });
  }
}
