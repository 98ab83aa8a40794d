// Detections of a camera (site/src/tasks/detection/live.js).

import { expect, test } from 'vitest';
import { live } from '../../../site/src/tasks/detection/live.js';
import { detection as task } from '../../../site/src/tasks/detection/task.js';

const SIZE = { width: 100, height: 50 };
const CHOICE = { ...task.choice.defaults, confidence: 0.5 };
const found = (x1, confidence, classId = 0) => ({ label: `kind ${classId}`, class_id: classId, confidence, box: { x1, y1: 0, x2: x1 + 20, y2: 20 } });
const seen = (...detections) => task.parse({ detections }, SIZE);
const shownOf = (...frames) => frames.reduce((before, frame) => live.refine(seen(...frame), CHOICE, before), null);
const sureness = ({ detections }) => detections.map(({ confidence }) => confidence);

test('what is not sure enough does not appear', () => {
  expect(sureness(shownOf([found(0, 0.4)]))).toEqual([]);
});

test('what was there stays while the model is nearly as sure', () => {
  expect(sureness(shownOf([found(0, 0.6)], [found(3, 0.4)], [found(6, 0.31)]))).toEqual([0.31]);
  expect(sureness(shownOf([found(0, 0.6)], [found(3, 0.29)]))).toEqual([]);
});

test.each([['elsewhere', found(60, 0.4)], ['of another kind', found(0, 0.4, 1)]])('what is %s is something else', (_, other) => {
  expect(sureness(shownOf([found(0, 0.6)], [other]))).toEqual([]);
});

test('what has gone has to be sure again', () => {
  expect(sureness(shownOf([found(0, 0.6)], [], [found(0, 0.4)]))).toEqual([]);
});

test('the server is asked for what may stay, and not to blur', () => {
  expect(live.fieldsOf({ ...CHOICE, blurred: ['person'] })).toEqual({ confidence: 0.3, iou: CHOICE.iou });
});
