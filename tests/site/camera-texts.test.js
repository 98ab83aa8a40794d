import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { words as de } from '../../site/src/texts/camera/de.js';
import { words as en } from '../../site/src/texts/camera/en.js';

const SRC = new URL('../../site/src/', import.meta.url);
const keysOf = (words, path = '') =>
  Object.entries(words).flatMap(([key, text]) => (typeof text === 'object' ? keysOf(text, `${path}${key}.`) : [`${path}${key}: ${typeof text}`]));

test('both languages say the same things, in other words', () => {
  expect(keysOf(de)).toEqual(keysOf(en));
  const same = Object.keys(en.reasons).filter((reason) => en.reasons[reason] === de.reasons[reason]);
  expect(same).toEqual([]);
});

test('there are words for every reason why there is no picture', () => {
  const declared = (path) => /@typedef \{('\w+'[^}]*)\} (?:Reason|State)/.exec(readFileSync(new URL(path, SRC), 'utf8'))?.[1] ?? '';
  const reasons = `${declared('sources/stream.js')} ${declared('view/live/camera.js').replace(/import\S+/, '')}`.match(/(?<=')[a-z]+(?=')/g) ?? [];
  const told = [...new Set(reasons)].filter((reason) => !['opening', 'open'].includes(reason));
  expect([...told, 'unsupported'].sort()).toEqual(Object.keys(en.reasons).sort());
});

test('seconds are counted in singular, too', () => {
  expect([en.goesOn('Busy', 1), de.goesOn('Besetzt', 1)]).toEqual([expect.stringMatching(/1 second\./), expect.stringMatching(/1 Sekunde /)]);
});
