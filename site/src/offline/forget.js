/** Forgets everything that this page has stored in the browser, and nothing of other pages of its origin. Loaded when asked. */

const PREFERENCES = 'pagesight.'; // view/preferences.js
const DATABASES = 'pagesight';
const caching = () => `pagesight-${new URL('./', document.baseURI).pathname}@`; // offline/worker.js

/** @throws {DOMException} if the browser does not let the page */
export async function forget() {
  const registration = await navigator.serviceWorker?.getRegistration('./');
  await registration?.unregister();
  const names = globalThis.caches ? await caches.keys() : [];
  await Promise.all(names.filter((name) => name.startsWith(caching())).map((name) => caches.delete(name)));
  for (const { name = '' } of (await indexedDB.databases?.()) ?? []) if (name.startsWith(DATABASES)) indexedDB.deleteDatabase(name);
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFERENCES)) localStorage.removeItem(key);
}
