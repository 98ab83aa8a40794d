/** Loads one of the page's own photographs. */

/**
 * @param {{name: string, url: string}} example
 * @param {AbortSignal} signal
 * @returns {Promise<File>}
 * @throws {Error | DOMException} an error of kind unreachable; the latter when the signal aborts
 */
export async function loadExample({ name, url }, signal) {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const blob = await response.blob();
    return new File([blob], name, { type: blob.type });
  } catch (cause) {
    signal.throwIfAborted();
    throw Object.assign(new Error('The example cannot be loaded.', { cause }), { kind: 'unreachable' });
  }
}
