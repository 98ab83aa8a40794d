// Which folder of the page may import which: docs/architecture.md, "The page". All use texts; types may come from anywhere.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const SRC = new URL('../../site/src/', import.meta.url).pathname;
const MAY_IMPORT = {
  'main.js': ['app', 'device.js', 'engines', 'live.js', 'media', 'models.js', 'offline', 'tasks', 'videos.js', 'view'],
  'device.js': ['app', 'engines', 'view'],
  'live.js': ['app', 'media', 'sources', 'view'],
  'models.js': ['app', 'view'],
  'videos.js': ['app', 'engines', 'save', 'tasks', 'view'],
  app: ['save', 'sources'],
  view: ['dom', 'marks', 'sources'],
  sources: ['dom'],
  engines: ['marks', 'save', 'tasks'],
  tasks: ['dom', 'marks', 'save'],
  save: ['marks'],
  marks: [],
  media: [],
  offline: [],
  dom: [],
  texts: [],
};
const IMPORT = /^import[^;]*? from '(\.[^']+)';|await import\('(\.[^']+)'\)|=> import\('(\.[^']+)'\)/gm;

const modules = readdirSync(SRC, { recursive: true }).map(String).filter((name) => name.endsWith('.js'));
const roomOf = (path) => path.split('/')[0];
const codeOf = (path) => readFileSync(join(SRC, path), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');

test.each(modules)('%s imports only what its room may', (path) => {
  const imported = [...codeOf(path).matchAll(IMPORT)].map((match) => normalize(join(dirname(path), match[1] ?? match[2] ?? match[3])));
  const others = imported.map(roomOf).filter((room) => room !== roomOf(path) && room !== 'texts');
  expect(MAY_IMPORT[roomOf(path)]).toEqual(expect.arrayContaining(others));
});

test.each(modules.filter((path) => /^(?:app|marks|media|save)\//.test(path)))('%s touches no document', (path) => {
  expect(codeOf(path).replace('globalThis.document?.', '')).not.toMatch(/\bdocument\b|\bwindow\b/);
});

test('no task imports another, and no engine another', () => {
  for (const path of modules.filter((name) => /^(?:tasks|engines)\/[^/]+\//.test(name))) {
    const [room, own] = path.split('/');
    const imported = [...codeOf(path).matchAll(IMPORT)].map((match) => normalize(join(dirname(path), match[1] ?? match[2] ?? match[3])));
    const others = imported.filter((name) => name.startsWith(`${room}/`) && name.split('/').length > 2 && name.split('/')[1] !== own);
    expect(others, path).toEqual([]);
  }
});
