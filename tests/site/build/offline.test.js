import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { listFiles } from '../../../site/build/offline.js';

const asset = (source) => ({ type: 'asset', source });
const chunk = (code) => ({ type: 'chunk', code });
const HTML = '<meta content="./assets/card-1.png"><link rel="icon" href="./assets/icon-2.svg"><script src="./assets/main-3.js">';

const BUILD = {
  'index.html': asset(HTML),
  'manifest.webmanifest': asset('{}'),
  'sw.js': chunk('self'),
  'assets/card-1.png': asset(new Uint8Array(200_000)),
  'assets/icon-2.svg': asset('<svg/>'),
  'assets/main-3.js': chunk(`import('./late-4.js'); "dog-5.jpg"; "dog-thumbnail-6.jpg"; "worker-7.js"; "main-8.css"; ${' '.repeat(90_000)}`),
  'assets/late-4.js': chunk(''),
  'assets/dog-5.jpg': asset(new Uint8Array(130_000)),
  'assets/dog-thumbnail-6.jpg': asset(new Uint8Array(9_000)),
  'assets/worker-7.js': asset('new URL("ort-wasm-simd-threaded-9.wasm", import.meta.url)'),
  'assets/main-8.css': asset('body {}'),
  'assets/ort-wasm-simd-threaded-9.wasm': asset(new Uint8Array(10)),
  'device/model.json': asset('{}'),
  'device/mine-0a1b2c3d.onnx.gz': asset(new Uint8Array(10)),
};

describe('a version of the page', () => {
  const { ahead, later, page, version } = listFiles(BUILD);

  test('has all code and what is seen at once, but nothing that only links and launchers show', () => {
    expect(ahead).toEqual(['icon-2.svg', 'late-4.js', 'main-3.js', 'main-8.css', 'dog-thumbnail-6.jpg'].map((name) => `assets/${name}`).sort());
  });

  test('waits with photographs, and with models and what computes them', () => {
    expect(later).toEqual([
      'assets/dog-5.jpg',
      'assets/ort-wasm-simd-threaded-9.wasm',
      'assets/worker-7.js',
      'device/mine-0a1b2c3d.onnx.gz',
      'device/model.json',
    ]);
  });

  test('knows its page by its content', () => {
    expect(page).toBe(`sha256-${createHash('sha256').update(HTML).digest('base64')}`);
  });

  test('is another one as soon as a file is', () => {
    const { 'assets/late-4.js': late, ...others } = BUILD;
    expect(listFiles(BUILD).version).toBe(version);
    expect(listFiles({ ...others, 'assets/late-5.js': late, 'assets/main-3.js': chunk('late-5.js') }).version).not.toBe(version);
    expect(listFiles({ ...BUILD, 'index.html': asset(`${HTML}<p>`) }).version).not.toBe(version);
  });
});
