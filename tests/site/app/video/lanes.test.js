import { describe, expect, test } from 'vitest';
import { createLanesOf, lanesOfRows, lanesOfThings, stepToSpan } from '../../../../site/src/app/video/lanes.js';

const thing = (label, fromS, toS) => ({ name: `${label} ${fromS}`, label, colour: label, confidence: 0.5, fromS, toS });
const row = (label, share = 0.5) => ({ label, share, colour: label, figure: '' });

test('things have a lane for each label, the most frequent first', () => {
  const lanes = lanesOfThings([thing('dog', 3, 4), thing('cat', 1, 2), thing('cat', 0, 1)]);
  expect(lanes).toEqual([
    { label: 'cat', colour: 'cat', many: 2, spans: [{ fromS: 1, toS: 2, name: 'cat 1' }, { fromS: 0, toS: 1, name: 'cat 0' }] },
    { label: 'dog', colour: 'dog', many: 1, spans: [{ fromS: 3, toS: 4, name: 'dog 3' }] },
  ]);
});

test('rows of frames that follow each other are one span, to the next frame without them', () => {
  const frames = [[row('dog')], [row('dog'), row('cat')], [], [row('dog')]].map((rows, index) => ({ timeS: index / 2, rows }));
  expect(lanesOfRows(frames, 2.2).map(({ label, spans }) => [label, spans.map(({ fromS, toS }) => [fromS, toS])])).toEqual([
    ['dog', [[0, 1], [1.5, 2.2]]],
    ['cat', [[0.5, 1]]],
  ]);
});

test('a label that stands twice in a frame makes no second span', () => {
  expect(lanesOfRows([{ timeS: 0, rows: [row('dog'), row('dog')] }], 1)[0]?.spans).toHaveLength(1);
});

test('what is hardly there has no lane', () => {
  const lanesOf = createLanesOf({ own: {}, frames: [{ time_s: 0 }], endS: 1, rowsAt: () => [row('dog', 0.5), row('cat', 0.05)] });
  expect(lanesOf({ timeS: 0, things: [], choice: {} }).map(({ label }) => label)).toEqual(['dog']);
});

describe('the next thing', () => {
  const lanes = lanesOfThings([thing('dog', 1, 4), thing('cat', 2, 3)]);

  test.each([[0, 1, 1], [1, 1, 2], [2, 1, null], [3, -1, 2], [2, -1, 1], [1, -1, null]])('from %d by %d is at %s', (from, by, to) => {
    expect(stepToSpan(lanes, from, by)).toBe(to);
  });
});
