// Which photograph comes next, and what is sent of its boxes.

import { expect, test } from 'vitest';
import { boxesOf, nextOf } from '../../../site/clean/boxes/order.js';

const PHOTOS = [true, false, true, false].map((saved, id) => ({ id, name: `${id}.jpg`, saved }));
const BOX = { x1: 1, y1: 2, x2: 3, y2: 4 };

test('goes to both sides, and past neither end', () => {
  expect(nextOf(PHOTOS, 1, 1, false)).toBe(2);
  expect(nextOf(PHOTOS, 1, -1, false)).toBe(0);
  expect(nextOf(PHOTOS, 3, 1, false)).toBeNull();
  expect(nextOf(PHOTOS, 0, -1, false)).toBeNull();
});

test('passes over what is saved if that is wished', () => {
  expect(nextOf(PHOTOS, 1, 1, true)).toBe(3);
  expect(nextOf(PHOTOS, 1, -1, true)).toBeNull();
});

test('a box of the file that nobody touched is named, any other is sent', () => {
  const known = { label: 'dog', classId: 0, confidence: 1, box: BOX, annotation: 7 };
  expect(boxesOf([known])).toEqual([{ annotation: 7 }]);
  expect(boxesOf([{ ...known, edited: true }])).toEqual([{ label: 'dog', box: BOX }]);
  expect(boxesOf([{ label: 'cat', classId: 1, confidence: 0.6, box: BOX }])).toEqual([{ label: 'cat', box: BOX }]);
});
