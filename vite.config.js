// How the page is built, served while it is worked on, and tested.

import { defineConfig } from 'vitest/config';
import { compressed } from './site/build/compressed.js';
import { bareRuntime, deviceModel } from './site/build/device.js';
import { installable } from './site/build/installable.js';
import { offline } from './site/build/offline.js';
import { contentSecurityPolicy } from './site/build/security-policy.js';
import { ownersSite } from './site/build/site-plugin.js';
import { thumbnails } from './site/build/thumbnails.js';

// Where `npm run dev` finds a running API.
const API = process.env.PAGESIGHT_DEV_API ?? 'http://127.0.0.1:5000';

const PARTS = /\/site\/src\/(?:dom\/(?:chips|search-box|slider)|style\/(?:model-picker|search)|tasks\/search|tasks\/stopped|style\/task-controls|texts\/(?:phrases|tasks\/(?:en|words)))\./;
const KEEP = /\/site\/src\/save\/(?:all|canvas|cover|data-url|markup|page|picture|subject|zip)\./;
const SHARED = /virtual:device$|\/site\/src\/(?:app\/(?:ask|failure|pause)\.|dom\/elements|tasks\/checks|texts\/(?:en|texts)\.)/;
const READING = /\/site\/src\/(?:tasks\/reading|style\/text-layer)/;
const VIDEOS = /\/site\/src\/(?:videos|engines\/remote\/jobs|view\/player\/invite|texts\/video\/(?:en|words))\./;
const PLAYER = /\/site\/src\/(?:app\/video|view\/player|save\/video\/(?:formats|names)|tasks\/(?:frames|video-answer))/;
const MODELS = /\/site\/src\/(?:models|app\/(?:kinds|models)|engines\/remote\/cards|tasks\/doors|view\/kinds)\./;
const GROUPS = [
  { name: 'shared', test: SHARED },
  { name: 'models', test: MODELS },
  { name: 'keep', test: KEEP },
  { name: 'parts', test: PARTS },
  { name: 'reading', test: READING },
  { name: 'videos', test: VIDEOS },
  { name: 'player', test: PLAYER },
];

/**
 * What is loaded beside a part of the page: all that it imports, but what every page begins with.
 *
 * @type {import('vite').ResolveModulePreloadDependenciesFn}
 */
function resolveDependencies(_, names, { hostType }) {
  return hostType === 'html' ? names : names.filter((name) => !/(?:^|\/)(?:shared|rolldown-runtime)-/.test(name));
}

export default defineConfig({
  root: 'site',
  plugins: [ownersSite(), deviceModel(), thumbnails(), contentSecurityPolicy(), installable(), offline(), compressed()],
  worker: { plugins: () => [bareRuntime()] },
  // Relative addresses: the same build works at the root of a domain and under /repository/ on GitHub Pages.
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing inline, so that a strict Content-Security-Policy can forbid data: and inline code for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false, resolveDependencies },
    rolldownOptions: {
      // What is loaded late may share texts with what comes with it, and a slow machine builds slowly: neither is a mistake.
      checks: { ineffectiveDynamicImport: false, pluginTimings: false },
      // What the page starts with and what comes later share is one file, not ten small ones; so is what keeps a result.
      // The page begins with the names of all files that may come.
      output: { codeSplitting: { groups: GROUPS } },
    },
  },
  server: {
    proxy: {
      '/status_check': { target: API },
      '/v1/': { target: API },
      // The page itself is at / too: only what is posted goes to the API.
      '^/$': {
        target: API,
        headers: { origin: API },
        bypass: (request) => (request.method === 'POST' ? undefined : request.url),
      },
    },
  },
  test: {
    root: '.',
    include: ['tests/site/**/*.test.js'],
  },
});
