// How the page of `make clean-data` is built: a page of its own, which is never part of the published one.

import { defineConfig } from 'vite';
import { contentSecurityPolicy } from './site/build/security-policy.js';
import { ownersSite } from './site/build/site-plugin.js';

export default defineConfig({
  root: 'site/clean',
  plugins: [ownersSite(), contentSecurityPolicy()],
  base: './', // it is served below an address that nobody can guess
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { ineffectiveDynamicImport: false, pluginTimings: false } },
  },
});
