/**
 * What may become a script: the page's own worker, and nothing else. The policy is asked wherever the page would make a
 * script of a string; the Content-Security-Policy (site/build/security-policy.js) lets no other policy exist.
 */

const ASSETS = new URL('./assets/', document.baseURI).href;

export function trustOwnScripts() {
  const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: (name: string, rules: object) => void}}} */ (
    /** @type {unknown} */ (window)
  );
  trustedTypes?.createPolicy('default', {
    /** @param {string} url */
    createScriptURL: (url) => (import.meta.env.DEV || new URL(url, document.baseURI).href.startsWith(ASSETS) ? url : null),
  });
}
