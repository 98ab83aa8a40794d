/**
 * A Vite plugin: puts the model for the visitor's device into the page, if site.json names one and `make site-model` has made
 * it: device/model.json and the file that it names, and the runtime's WebAssembly, which is compressed in itself, as not every
 * host compresses what it sends. The scripts see it as `virtual:device`, null where there is none.
 */

import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { searchForWorkspaceRoot } from 'vite';
import { readSite } from './site-config.js';

const SITE = fileURLToPath(new URL('..', import.meta.url));
const VIRTUAL = '\0virtual:device';
const RUNTIME = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
/** What the runtime would load by itself. The page hands it the bytes. */
const OWN_ADDRESS = /new URL\("ort-wasm-simd-threaded\.wasm",\s*import\.meta\.url\)\.href/g;

/** @returns {import('vite').Plugin} */
export function deviceModel() {
  const folder = process.env.PAGESIGHT_DEVICE_DIR || join(SITE, 'device');
  /** @type {ReturnType<typeof readModel>} */
  let made = null;
  let isBuild = false;
  return {
    name: 'pagesight-device',
    enforce: 'pre',
    // What is served while the page is worked on.
    config: () => ({ server: { fs: { allow: [searchForWorkspaceRoot(SITE), folder, dirname(RUNTIME)] } } }),
    configResolved({ command }) {
      isBuild = command === 'build';
      made = readModel(folder);
    },
    resolveId: (id) => (id === VIRTUAL.slice(1) ? VIRTUAL : undefined),
    load(id) {
      if (id !== VIRTUAL) return undefined;
      if (!made) return 'export const device = null;';
      const { file, card, runtime } = made;
      const told = { name: card.name, bytes: made.bytes + runtime.bytes.length };
      if (!isBuild) return moduleOf({ ...told, runtime: `/@fs${RUNTIME}`, model: `/@fs${join(folder, 'model.json')}` });
      this.emitFile({ type: 'asset', fileName: runtime.name, source: runtime.bytes });
      for (const name of ['model.json', file]) {
        this.emitFile({ type: 'asset', fileName: `device/${name}`, source: readFileSync(join(folder, name)) });
      }
      return moduleOf({ ...told, runtime: `./${runtime.name}`, model: './device/model.json' });
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        if (!made?.isChoice) return html;
        const size = ` (${Math.round((made.bytes + made.runtime.bytes.length) / 1e6)}\u00a0MB)`;
        return html.replace(/(<label [^>]*id="keep-row") hidden>/, '$1>').replace('<span id="keep-size">', `$&${size}`);
      },
    },
  };
}

/** @returns {import('vite').Plugin} for the worker, which has the runtime in it */
export function bareRuntime() {
  return {
    name: 'pagesight-bare-runtime',
    enforce: 'pre',
    transform: (code, id) => (id.includes('onnxruntime-web') ? code.replace(OWN_ADDRESS, '""') : undefined),
  };
}

/**
 * @param {string} folder
 * @returns {{file: string, bytes: number, card: {name: string}, runtime: {name: string, bytes: Buffer}, isChoice: boolean} | null}
 *   isChoice: whether the visitor can choose between it and the server
 */
function readModel(folder) {
  const { device, engines = ['device', 'remote'] } = readSite(SITE);
  const path = join(folder, 'model.json');
  if (!device || !engines.includes('device') || !existsSync(path)) return null;
  const made = JSON.parse(readFileSync(path, 'utf8'));
  if (made.card.name !== device) {
    throw new Error(`site/device holds ${made.card.name}, and site.json says "device": "${device}": run make site-model again`);
  }
  const bytes = gzipSync(readFileSync(RUNTIME), { level: 9 });
  const name = `assets/onnxruntime-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.wasm.gz`;
  return { ...made, runtime: { name, bytes }, isChoice: engines.includes('remote') };
}

/** @param {object} device */
function moduleOf(device) {
  return `export const device = ${JSON.stringify(device)};`;
}
