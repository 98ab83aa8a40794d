import { expect, test } from 'vitest';
import { filterDetections } from '../../../site/src/tasks/detection/filter.js';
import { suppress } from '../../../site/src/tasks/detection/nms.js';
import { crowd, detection } from './detections.js';

const size = { width: 640, height: 480 };
const choice = { confidence: 0.25, iou: 0.45, hidden: [], maxDetections: 100 };

test('shows what suppression at that confidence and overlap leaves', () => {
  const candidates = crowd(400, size);
  for (const iou of [0.2, 0.7, 0.2]) {
    for (const confidence of [0.05, 0.9, 0.3]) {
      const { shown } = filterDetections(candidates, { ...choice, confidence, iou });
      expect(shown).toEqual(suppress(candidates, { confidence, iou, maxDetections: 100 }));
    }
  }
});

test('does not take one answer for another', () => {
  const answers = [crowd(50, size, 1), crowd(50, size, 2)];
  for (const candidates of answers) {
    const { shown } = filterDetections(candidates, choice);
    expect(shown).toEqual(suppress(candidates, { ...choice, maxDetections: 100 }));
  }
});

test('hides classes, but still lists and counts them', () => {
  const dog = detection([0, 0, 10, 10]);
  const cars = [20, 40].map((x) => detection([x, 0, x + 10, 10], { label: 'car', classId: 2, confidence: 0.5 }));
  expect(filterDetections([dog, ...cars], { ...choice, hidden: ['dog'] })).toEqual({
    shown: cars,
    classes: [
      { classId: 16, label: 'dog', many: 1, hidden: true },
      { classId: 2, label: 'car', many: 2, hidden: false },
    ],
    sure: [dog, ...cars],
    all: 3,
  });
});

test('lists a class of which nothing is confident enough, so that the list does not jump', () => {
  const { shown, classes } = filterDetections([detection([0, 0, 10, 10], { confidence: 0.1 })], choice);
  expect(shown).toEqual([]);
  expect(classes).toEqual([{ classId: 16, label: 'dog', many: 0, hidden: false }]);
});

test('hidden ones take no place of those shown', () => {
  const made = [0.9, 0.8, 0.7].map((confidence, i) =>
    detection([i * 20, 0, i * 20 + 10, 10], { confidence, classId: i, label: `kind ${i}` }));
  const { shown } = filterDetections(made, { ...choice, hidden: ['kind 0'], maxDetections: 2 });
  expect(shown).toEqual([made[1], made[2]]);
});
