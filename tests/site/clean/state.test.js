// What is to be looked at, and what a decision changes in it.

import { expect, test } from 'vitest';
import { applied, idsOf, openDoubts, openPairs, readState } from '../../../site/clean/labels/state.js';

const photo = (id, label, kept = false) => ({ id, name: `${id}.jpg`, label, kept });
const STATE = readState({
  folder: 'pets',
  labels: ['cat', 'dog'],
  photographs: [photo(0, 0), photo(1, 0), photo(2, 1), photo(3, 1, true), photo(4, 0)],
  refused: [],
  run: {
    name: 'mine',
    made: '2026-11-27',
    doubts: [{ id: 2, said: 0, score: 0.9 }, { id: 3, said: 0, score: 0.8 }, { id: 0, said: 1, score: 0.7 }],
    pairs: [{ one: 0, other: 1, across: true, kept: false }, { one: 0, other: 4, across: false, kept: true }],
  },
  undo: null,
});
const answer = (changes) => ({ did: 'keep', undone: false, photographs: [], pair: null, undo: null, ...changes });
const ids = (state, view = 'doubts', label = null) => idsOf(state, view, label);

test('doubts are in the order in which they came, without what a person has decided', () => {
  expect(ids(STATE)).toEqual([2, 0]);
  expect(ids(STATE, 'doubts', 1)).toEqual([2]);
});

test('all photographs are in order, those of one label alone if that is asked', () => {
  expect(ids(STATE, 'all')).toEqual([0, 1, 2, 3, 4]);
  expect(ids(STATE, 'all', 0)).toEqual([0, 1, 4]);
});

test('what was relabelled is not asked about again, until that is undone', () => {
  const after = applied(STATE, answer({ did: 'relabel', photographs: [photo(2, 0, true)], undo: { do: 'relabel', many: 1 } }));
  expect(ids(after)).toEqual([0]);
  expect(after.undo).toEqual({ do: 'relabel', many: 1 });
  const before = applied(after, answer({ did: 'relabel', undone: true, photographs: [photo(2, 1)] }));
  expect(ids(before)).toEqual([2, 0]);
  expect(before.undo).toBeNull();
});

test('what is in the trash is nowhere', () => {
  const after = applied(STATE, answer({ did: 'delete', photographs: [photo(0, null)] }));
  expect(ids(after)).toEqual([2]);
  expect(ids(after, 'all')).toEqual([1, 2, 3, 4]);
  expect(openPairs(after)).toEqual([]);
});

test('a pair of which both stay is asked about no more, until that is undone', () => {
  expect(openPairs(STATE)).toHaveLength(1);
  const after = applied(STATE, answer({ did: 'keep-both', pair: [1, 0] }));
  expect(openPairs(after)).toEqual([]);
  expect(openPairs(applied(after, answer({ did: 'keep-both', undone: true, pair: [0, 1] })))).toHaveLength(1);
});

test('a photograph that comes back from an earlier time is added', () => {
  expect(ids(applied(STATE, answer({ undone: true, photographs: [photo(9, 1)] })), 'all')).toEqual([0, 1, 2, 3, 4, 9]);
});

test('without a training there are no doubts', () => {
  expect(openDoubts({ ...STATE, run: null })).toEqual([]);
  expect(openPairs({ ...STATE, run: null })).toEqual([]);
});

test('a state is never changed', () => {
  const before = JSON.stringify([...STATE.photographs.values()]);
  applied(STATE, answer({ photographs: [photo(0, null)] }));
  expect(JSON.stringify([...STATE.photographs.values()])).toBe(before);
});
