/** Keeps the focus from getting lost when what has it goes. */

/**
 * Change what is shown, and give the focus a new place when its own has gone, and only then: somebody may be elsewhere on
 * the page. What had it must be known before the change, for a browser takes it from an element as it is hidden.
 *
 * @param {() => void} change
 * @param {() => {focus: (options?: FocusOptions) => void}} next
 */
export function keepingFocus(change, next) {
  const holder = document.activeElement;
  change();
  if (!holder || holder === document.body) return;
  if (!holder.isConnected || holder.closest('[hidden]')) next().focus({ preventScroll: true });
}
