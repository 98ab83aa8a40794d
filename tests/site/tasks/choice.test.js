import { expect, test } from 'vitest';
import { DEFAULT_VIEW, readViewState, writeViewState } from '../../../site/src/tasks/detection/choice.js';

const chosen = { confidence: 0.4, iou: 0.6, hiddenClasses: [2, 7], asServerDrew: true, example: 'dog.jpg' };

test('a link opens the view that it was made of', () => {
  expect(writeViewState(chosen)).toBe('#confidence=0.4&iou=0.6&hide=2,7&drawn=server&example=dog.jpg');
  expect(readViewState(writeViewState(chosen))).toEqual(chosen);
});

test.each([0.05, 0.1, 0.1 + 0.2, 0.333333, 0.999999, 1])('the confidence %d comes back', (confidence) => {
  expect(readViewState(writeViewState({ confidence })).confidence).toBeCloseTo(confidence, 6);
});

test.each([0, 0.000001, 0.0000001, 1])('the overlap %d comes back', (iou) => {
  expect(readViewState(writeViewState({ iou })).iou).toBeCloseTo(iou, 6);
});

test('what is as by default is not said', () => {
  expect(writeViewState(DEFAULT_VIEW)).toBe('');
  expect(writeViewState({ ...DEFAULT_VIEW, hiddenClasses: new Set([3]) })).toBe('#hide=3');
  expect(readViewState('')).toEqual(DEFAULT_VIEW);
  expect(readViewState('#')).toEqual(DEFAULT_VIEW);
});

test('a default that was taken back is said', () => {
  const defaults = { ...chosen };
  const state = { confidence: 0.25, iou: 0.45, hiddenClasses: [], asServerDrew: false, example: '' };
  expect(readViewState(writeViewState(state, defaults), defaults)).toEqual(state);
});

test('reads a query as well, and class ids in any order', () => {
  expect(readViewState('?hide=7,2,7&iou=.5')).toEqual({ ...DEFAULT_VIEW, hiddenClasses: [2, 7], iou: 0.5 });
});

test.each([
  '#confidence=NaN', '#confidence=-1', '#confidence=1e-1', '#confidence=0.01', '#confidence=2', '#confidence=Infinity',
  '#confidence=', '#confidence=0x1', '#iou=1.1', '#iou=0,5', '#iou=%00', '#hide=a', '#hide=1,', '#hide=-1', '#hide=1.5',
  '#hide=9999999', `#hide=${Array(1001).fill(1).join()}`, '#drawn=', '#drawn=<script>', '#example=../secret',
  '#example=https://elsewhere.example/a.jpg', '#example=.hidden', '#example=<img>', `#example=${'a'.repeat(81)}`,
  '#%', '#%E0%A4%A', '#__proto__=1&constructor=2', `#iou=0.5&${'x'.repeat(8192)}`,
])('%.40s falls back', (fragment) => {
  expect(readViewState(fragment)).toEqual(DEFAULT_VIEW);
});

test('one bad value leaves the good ones', () => {
  expect(readViewState('#confidence=no&iou=0.3')).toEqual({ ...DEFAULT_VIEW, iou: 0.3 });
});
