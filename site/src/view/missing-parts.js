/**
 * Parts of the page that are loaded when they are asked for may not come: without a network, or when a new version has been
 * put in the place of this one. Who meets such an error can tell it by its kind.
 *
 * Source: https://vite.dev/guide/build#load-error-handling
 */
export function nameMissingParts() {
  window.addEventListener('vite:preloadError', (event) => Object.assign(event.payload, { kind: 'missing-part' }));
}
