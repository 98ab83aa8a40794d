/**
 * The page's Content-Security-Policy, made when it is built: only then is it known where the API is.
 *
 * Source: https://www.w3.org/TR/CSP3/, https://w3c.github.io/trusted-types/dist/spec/. In a <meta> element, because GitHub
 * Pages sends no headers of ours; `frame-ancestors` does not work there.
 */

/**
 * @param {string} apiUrl where the API is, empty or a path when it serves the page itself
 * @returns {string}
 */
export function securityPolicy(apiUrl) {
  const api = /^https?:/.test(apiUrl) ? ` ${new URL(apiUrl).origin}` : ''; // a path is one of 'self'
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    `media-src 'self' blob:${api}`,
    `connect-src 'self'${api}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default', // src/view/trusted-scripts.js: the page's own workers, and nothing else
  ].join('; ');
}

/**
 * A Vite plugin that writes the policy into the built page.
 *
 * @returns {import('vite').Plugin}
 */
export function contentSecurityPolicy() {
  let apiUrl = '';
  return {
    name: 'pagesight-content-security-policy',
    apply: 'build', // Vite's own client, while the page is worked on, needs more than this
    configResolved({ env }) {
      apiUrl = env.VITE_API_URL ?? '';
    },
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: securityPolicy(apiUrl) },
        injectTo: 'head-prepend',
      },
    ],
  };
}
