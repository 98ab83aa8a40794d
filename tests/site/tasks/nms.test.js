import { expect, test } from 'vitest';
import { suppress } from '../../../site/src/tasks/detection/nms.js';
import { crowd, detection } from './detections.js';

const limits = { confidence: 0.25, iou: 0.45, maxDetections: 100 };

test('drops what a more confident one of its class covers', () => {
  const [best, copy] = [detection([0, 0, 100, 100]), detection([5, 0, 105, 100], { confidence: 0.8 })];
  expect(suppress([best, copy], limits)).toEqual([best]);
});

test('keeps overlapping ones of different classes', () => {
  const both = [detection([0, 0, 100, 100]), detection([0, 0, 100, 100], { classId: 1, confidence: 0.8 })];
  expect(suppress(both, limits)).toEqual(both);
});

test('what was dropped drops nothing itself', () => {
  const chain = [0, 30, 60].map((x, i) => detection([x, 0, x + 100, 100], { confidence: 0.9 - i / 10 }));
  expect(suppress(chain, { ...limits, iou: 0.5 })).toEqual([chain[0], chain[2]]); // neighbours share 70 of 130
});

test('an overlap of just the threshold is kept', () => {
  const halves = [detection([0, 0, 100, 100]), detection([0, 0, 100, 50], { confidence: 0.8 })];
  expect(suppress(halves, { ...limits, iou: 0.5 })).toEqual(halves);
  expect(suppress(halves, { ...limits, iou: 0.499 })).toEqual([halves[0]]);
});

test('at an overlap of 0, touching ones are kept and overlapping ones are not', () => {
  const first = detection([0, 0, 10, 10]);
  const touching = detection([10, 0, 20, 10], { confidence: 0.8 });
  const overlapping = detection([0, 9, 10, 19], { confidence: 0.7 });
  expect(suppress([first, touching, overlapping], { ...limits, iou: 0 })).toEqual([first, touching]);
});

test('puts the most confident first and leaves equals in their order', () => {
  const made = [0.3, 0.9, 0.5, 0.9].map((confidence, i) => detection([i * 20, 0, i * 20 + 10, 10], { confidence }));
  expect(suppress(made, limits)).toEqual([made[1], made[3], made[2], made[0]]);
});

test('the lowest confidence belongs to what is kept', () => {
  const made = [0.25, 0.2499].map((confidence, i) => detection([i * 20, 0, i * 20 + 10, 10], { confidence }));
  expect(suppress(made, limits)).toEqual([made[0]]);
});

test('keeps no more than asked for, the most confident', () => {
  const all = suppress(crowd(300, { width: 640, height: 480 }), { ...limits, maxDetections: 1000 });
  expect(suppress(crowd(300, { width: 640, height: 480 }), { ...limits, maxDetections: 7 })).toEqual(all.slice(0, 7));
});

test('leaves the candidates as they are', () => {
  const candidates = Object.freeze([0.3, 0.9].map((confidence) => detection([0, 0, 10, 10], { confidence })));
  expect(suppress(candidates, limits)).toEqual([candidates[1]]);
  expect(suppress([], limits)).toEqual([]);
});
