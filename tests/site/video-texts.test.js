import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { words as de } from '../../site/src/texts/video/de.js';
import { words as en } from '../../site/src/texts/video/en.js';

const SRC = new URL('../../site/src/', import.meta.url);
const keysOf = (words, path = '') =>
  Object.entries(words).flatMap(([key, text]) => (typeof text === 'object' ? keysOf(text, `${path}${key}.`) : [`${path}${key}: ${typeof text}`]));

test('both languages say the same things', () => {
  expect(keysOf(de)).toEqual(keysOf(en));
});

describe.each([['en', en], ['de', de]])('%s', (_, words) => {
  test('has words for every way in which a video can fail', () => {
    const source = ['app/video/work.js', 'engines/remote/jobs.js', 'videos.js'].map((path) => readFileSync(new URL(path, SRC), 'utf8')).join('\n');
    const kinds = [...source.matchAll(/'(video-[a-z-]+)'/g)].map(([, kind]) => kind);
    const states = ['failed', 'cancelled'].map((state) => `video-${state}`);
    expect([...new Set([...kinds, ...states])].sort()).toEqual(Object.keys(words.errors).sort());
  });

  test.each([[0, '0:00'], [59.96, '1:00'], [62.5, '1:02'], [599, '9:59']])('%d seconds are %s on the clock', (seconds, clock) => {
    expect(words.clock(seconds)).toMatch(new RegExp(`^${clock}[.,]\\d$`));
  });

  test('rounds what nobody knows to the second', () => {
    expect(words.about(33)).toMatch(/^35 /);
    expect(words.about(0)).toMatch(/^1 \S+[^s]$/);
    expect(words.about(91)).toMatch(/^2 /);
  });
});
