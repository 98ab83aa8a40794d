/**
 * A Vite plugin: writes the service worker (src/offline/worker.js) beside the page, and `version.json`, which says of which
 * files this build consists.
 */

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MANIFEST } from './installable.js';

const WORKER = 'sw.js';
const LIST = 'version.json';
const PAGE = 'index.html';
const OF_OTHERS = [WORKER, MANIFEST, PAGE];
// For readers of links, and for systems that install the page: its visitors see nothing of them.
const TAGS_OF_OTHERS = /<meta[^>]*>|<link rel="apple-touch-icon"[^>]*>/g;
// What a device that computes itself needs. The script of onnxruntime-web names its own WebAssembly.
const OF_DEVICE = /^device\/|\.wasm(?:\.gz)?$/;
const CODE = /\.(?:m?js|css)$/;
const RUNTIME = 'ort-wasm-simd-threaded';
const LARGE_BYTES = 60_000; // of what is not code: photographs

/** @typedef {Readonly<Record<string, {type: 'asset' | 'chunk', source?: string | Uint8Array, code?: string}>>} Files by name */

/** @returns {import('vite').Plugin} */
export function offline() {
  return {
    name: 'pagesight-offline',
    apply: 'build',
    enforce: 'post',

    buildStart() {
      const id = fileURLToPath(new URL('../src/offline/worker.js', import.meta.url));
      this.emitFile({ type: 'chunk', id, fileName: WORKER });
    },

    generateBundle: {
      order: 'post', // when all files are there
      handler(_, bundle) {
        this.emitFile({ type: 'asset', fileName: LIST, source: JSON.stringify(listFiles(bundle)) });
      },
    },
  };
}

/**
 * Say of which files a build consists: `ahead` are those that every visit may need, `later` those that are kept when they are
 * used. `version` is another one as soon as a file is.
 *
 * @param {Files} bundle
 */
export function listFiles(bundle) {
  const page = String(contentOf(bundle, PAGE));
  const code = Object.keys(bundle).filter((name) => CODE.test(name)).map((name) => contentOf(bundle, name));
  const naming = [page.replace(TAGS_OF_OTHERS, ''), ...code].join('\n');
  const isUsed = (/** @type {string} */ name) => !name.startsWith('assets/') || naming.includes(basename(name));
  const names = Object.keys(bundle).filter((name) => !OF_OTHERS.includes(name) && isUsed(name)).sort();
  const later = names.filter((name) => isLater(name, contentOf(bundle, name)));
  const ahead = names.filter((name) => !later.includes(name));
  const integrity = `sha256-${createHash('sha256').update(page).digest('base64')}`;
  const version = createHash('sha256').update(JSON.stringify([integrity, ahead, later])).digest('hex').slice(0, 8);
  return { version, page: integrity, ahead, later };
}

/**
 * @param {string} name
 * @param {string | Uint8Array} content
 */
function isLater(name, content) {
  if (OF_DEVICE.test(name)) return true;
  return CODE.test(name) ? Buffer.from(content).includes(RUNTIME) : content.length > LARGE_BYTES;
}

/**
 * @param {Files} bundle
 * @param {string} name
 */
function contentOf(bundle, name) {
  const file = bundle[name];
  return file?.code ?? file?.source ?? '';
}
