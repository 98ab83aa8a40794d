/** Whether the visitor looks at this tab. */

export function isTabVisible() {
  return document.visibilityState === 'visible';
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
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
}
