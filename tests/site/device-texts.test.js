import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { words as de } from '../../site/src/texts/device/de.js';
import { words as en } from '../../site/src/texts/device/en.js';

const SRC = new URL('../../site/src/', import.meta.url);
const keysOf = (words, path = '') =>
  Object.entries(words).flatMap(([key, text]) => (typeof text === 'object' ? keysOf(text, `${path}${key}.`) : [`${path}${key}: ${typeof text}`]));

test('both languages say the same things', () => {
  expect(keysOf(de)).toEqual(keysOf(en));
});

describe.each([['en', en], ['de', de]])('%s', (_, words) => {
  test('has words for every way in which the device can fail', () => {
    const source = ['app/stand-in.js', 'engines/device/computer.js', 'engines/remote/engine.js'];
    const kinds = source.flatMap((path) => [...readFileSync(new URL(path, SRC), 'utf8').matchAll(/'(device-[a-z]+|kept)'/g)].map(([, kind]) => kind));
    expect([...new Set(kinds)].filter((kind) => kind !== 'device-ms').sort()).toEqual(Object.keys(words.errors).sort());
  });

  test('says how much is loaded, and that it is loaded once', () => {
    expect(words.loading('nano', 1_500_000, 5_420_000)).toMatch(/nano.*1[.,]5 \S+ 5[.,]4\sMB/);
    expect(words.offline('nano', 5_420_000)).toMatch(/5[.,]4\sMB/);
    expect(words.offline('nano', 0)).not.toMatch(/MB/);
  });
});
