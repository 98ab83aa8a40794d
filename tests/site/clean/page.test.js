// The page's own HTML and texts, and what it takes of the published page.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { words as de } from '../../../site/clean/texts/de.js';
import { words as en } from '../../../site/clean/texts/en.js';

const CLEAN = new URL('../../../site/clean/', import.meta.url).pathname;
const html = readFileSync(join(CLEAN, 'index.html'), 'utf8');
const IMPORT = /^import[^;]*? from '(\.[^']+)';|await import\('(\.[^']+)'\)/gm;
const OF_THE_PAGE = ['dom', 'tasks', 'texts', 'view'];
const modules = readdirSync(CLEAN, { recursive: true }).map(String).filter((name) => name.endsWith('.js') && !name.startsWith('dist'));

/** @param {object} words */
const keysOf = (words, path = '') =>
  Object.entries(words).flatMap(([key, text]) => (typeof text === 'object' ? keysOf(text, `${path}${key}.`) : [`${path}${key}: ${typeof text}`]));

test.each([['data-word', en.fixed], ['data-name', en.names]])('uses every text by %s and none that is missing', (attribute, known) => {
  const used = [...html.matchAll(new RegExp(`${attribute}="(\\w+)"`, 'g'))].map((match) => match[1]);
  expect([...new Set(used)].sort()).toEqual(Object.keys(known).sort());
});

test('has every text in German', () => {
  expect(keysOf(de)).toEqual(keysOf(en));
});

test('has nothing inline that a strict Content-Security-Policy would refuse', () => {
  expect(html).not.toMatch(/\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|javascript:/i);
});

test.each(modules)('%s writes no markup', (path) => {
  expect(readFileSync(join(CLEAN, path), 'utf8')).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
});

test.each(modules)('%s takes of the published page what is no server, no job and no store', (path) => {
  const code = readFileSync(join(CLEAN, path), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');
  const imported = [...code.matchAll(IMPORT)].map((match) => normalize(join(dirname(path), match[1] ?? match[2])));
  const rooms = imported.filter((name) => name.startsWith('../src/')).map((name) => name.split('/')[2]);
  expect(OF_THE_PAGE).toEqual(expect.arrayContaining(rooms));
});

test('the published page takes nothing of this one', () => {
  const src = join(CLEAN, '../src');
  for (const name of readdirSync(src, { recursive: true }).map(String).filter((one) => one.endsWith('.js'))) {
    expect(readFileSync(join(src, name), 'utf8'), name).not.toMatch(/\.\.\/clean\//);
  }
});
