/**
 * What may become a script: the page's own workers, and nothing else. The policy is asked wherever the page would make a
 * script of a string; the Content-Security-Policy (site/build/security-policy.js) lets no other policy exist.
 */

const PAGE = new URL('./', document.baseURI).href;

export function trustOwnScripts() {
  const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: (name: string, rules: object) => void}}} */ (
    /** @type {unknown} */ (window)
  );
  trustedTypes?.createPolicy('default', {
    /** @param {string} url */
    createScriptURL: (url) => (import.meta.env.DEV || isOwn(new URL(url, document.baseURI).href) ? url : null),
  });
}

/** @param {string} address */
function isOwn(address) {
  return address === `${PAGE}sw.js` || address.startsWith(`${PAGE}assets/`);
}
