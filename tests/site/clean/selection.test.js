// One photograph is meant, or several that are chosen.

import { describe, expect, test } from 'vitest';
import { everything, meant, moved, NOTHING, only, ranged, settled, toggled } from '../../../site/clean/labels/selection.js';

const IDS = [10, 20, 30, 40, 50];

test('the current one is meant if none is chosen, else those that are chosen', () => {
  expect(meant(NOTHING)).toEqual([]);
  expect(meant(only(20))).toEqual([20]);
  expect(meant(toggled(only(20), 30))).toEqual([30]);
});

describe('moving', () => {
  test.each([
    [20, 1, 30], [20, -1, 10], [10, -1, 10], [50, 3, 50], [30, 1e9, 50], [30, -1e9, 10],
  ])('from %i by %i is at %i', (from, by, to) => {
    expect(moved(only(from), IDS, by, false).current).toBe(to);
  });

  test('begins at the first if the current one is not shown', () => {
    expect(moved(only(99), IDS, 2, false).current).toBe(10);
    expect(moved(NOTHING, IDS, 2, false).current).toBe(10);
    expect(moved(only(10), [], 1, false)).toBe(NOTHING);
  });

  test('keeps what is chosen, and with Shift chooses all on the way', () => {
    expect(meant(moved(toggled(NOTHING, 20), IDS, 1, false))).toEqual([20]);
    const two = moved(moved(only(20), IDS, 1, true), IDS, 1, true);
    expect(meant(two)).toEqual([20, 30, 40]);
    expect(meant(moved(two, IDS, -3, true))).toEqual([10, 20]);
  });
});

test('a range goes both ways', () => {
  expect(meant(ranged(only(40), IDS, 20))).toEqual([20, 30, 40]);
  expect(meant(ranged(only(99), IDS, 20))).toEqual([20]);
});

test('choosing again takes it away', () => {
  expect(meant(toggled(toggled(only(10), 20), 20))).toEqual([20]);
  expect(toggled(toggled(only(10), 20), 20).chosen.size).toBe(0);
});

test('all can be chosen', () => {
  expect(meant(everything(only(30), IDS))).toEqual(IDS);
});

describe('after something was done', () => {
  test('the next one that is still there is the current one', () => {
    expect(settled(only(20), IDS, [10, 30, 40, 50], true).current).toBe(30);
    expect(settled({ ...only(20), chosen: new Set([20, 30]) }, IDS, [10, 40, 50], true)).toEqual(only(40));
  });

  test('of those that stay where they are, too', () => {
    expect(settled(only(20), IDS, IDS, true).current).toBe(30);
    expect(settled(only(50), IDS, IDS, true).current).toBe(50);
    expect(settled(only(20), IDS, IDS, false).current).toBe(20);
  });

  test('at the end it is the last one, and at last none', () => {
    expect(settled(only(50), IDS, [10, 20], true).current).toBe(20);
    expect(settled(only(10), [10], [], true)).toBe(NOTHING);
  });
});
