// What each key does.

import { describe, expect, test } from 'vitest';
import { actionOf, keyOf } from '../../../site/clean/labels/keys.js';

const ROOM = { labels: 12, columns: 4, rows: 3 };
const pressed = (key, more = {}) => actionOf({ key, ...more }, ROOM);

describe('keys of labels', () => {
  test('are digits and then letters, each only once', () => {
    const keys = Array.from({ length: 40 }, (_, label) => keyOf(label));
    expect(keys.slice(0, 12).join('')).toBe('1234567890ab');
    expect(new Set(keys.filter(Boolean)).size).toBe(35);
    expect(keys.slice(35)).toEqual(['', '', '', '', '']);
  });

  test('are none of those that do something else', () => {
    for (let label = 0; label < 35; label += 1) {
      expect(actionOf({ key: keyOf(label) }, { ...ROOM, labels: 35 })).toEqual({ do: 'relabel', label });
    }
  });

  test('do nothing if there are fewer labels', () => {
    expect(pressed('b')).toEqual({ do: 'relabel', label: 11 });
    expect(pressed('B')).toEqual({ do: 'relabel', label: 11 });
    expect(pressed('c')).toBeNull();
  });
});

test.each([
  ['Enter', 'keep'], ['Delete', 'delete'], ['Backspace', 'delete'], ['z', 'undo'], ['Z', 'undo'], [' ', 'toggle'], ['Escape', 'nothing'],
])('%s is %s', (key, action) => {
  expect(pressed(key)).toEqual({ do: action });
});

test.each([
  ['ArrowLeft', -1], ['ArrowRight', 1], ['ArrowUp', -4], ['ArrowDown', 4], ['PageUp', -12], ['PageDown', 12],
])('%s moves by %i', (key, by) => {
  expect(pressed(key)).toEqual({ do: 'move', by, isExtending: false });
  expect(pressed(key, { shiftKey: true })).toEqual({ do: 'move', by, isExtending: true });
});

test('the browser keeps its own keys', () => {
  expect(pressed('1', { ctrlKey: true })).toBeNull();
  expect(pressed('ArrowLeft', { altKey: true })).toBeNull();
  expect(pressed('r', { metaKey: true })).toBeNull();
  expect(pressed('z', { ctrlKey: true, shiftKey: true })).toBeNull();
  expect(pressed('Tab')).toBeNull();
  expect(pressed('F5')).toBeNull();
});

test('Ctrl and the Command key choose all and undo', () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
    expect(pressed('a', held)).toEqual({ do: 'everything' });
    expect(pressed('z', held)).toEqual({ do: 'undo' });
  }
});
