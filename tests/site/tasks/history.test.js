import { expect, test } from 'vitest';
import {
  SHORTEST_SIDE, addBox, beginEditing, classOf, continueEditing, deleteBox, discard, fitBox, moveBox, redo, relabelBox, resizeBox, undo,
} from '../../../site/src/tasks/detection/edit/history.js';
import { detection } from './detections.js';

const size = { width: 100, height: 80 };
const dog = detection([10, 10, 30, 20], { confidence: 0.6 });
const car = detection([50, 50, 90, 70], { label: 'car', classId: 2, confidence: 0.5 });
const begun = beginEditing([dog, car], size);
const cat = { classId: 15, label: 'cat' };

function boxes(history) {
  return history.detections.map(({ box: { x1, y1, x2, y2 } }) => [x1, y1, x2, y2]);
}

test('moves a box and leaves the others', () => {
  const { detections } = moveBox(begun, 0, { dx: 5, dy: -3 });
  expect(detections).toEqual([{ ...dog, box: { x1: 15, y1: 7, x2: 35, y2: 17 }, edited: true }, car]);
});

test('a box that is moved leaves the outline that it was found with, one that is renamed keeps it', () => {
  const outlined = { ...dog, polygon: [{ x: 1, y: 2 }], keypoints: [] };
  const history = beginEditing([outlined], size);
  expect(moveBox(history, 0, { dx: 5, dy: 0 }).detections[0]).not.toHaveProperty('polygon');
  expect(relabelBox(history, 0, cat).detections[0]).toMatchObject({ label: 'cat', polygon: outlined.polygon });
});

test.each([
  [{ dx: -50, dy: -50 }, [0, 0, 20, 10]],
  [{ dx: 500, dy: 500 }, [80, 70, 100, 80]],
])('a box moved by %o stops at the border with its size', (by, expected) => {
  expect(boxes(moveBox(begun, 0, by))[0]).toEqual(expected);
});

test.each([
  ['within the picture', [5, 6, 40, 41], [5, 6, 40, 41]],
  ['beyond the picture', [-5, -6, 400, 401], [0, 0, 100, 80]],
  ['past its other side', [40, 41, 5, 6], [5, 6, 40, 41]],
  ['to nothing', [50, 50, 50, 50], [48, 48, 52, 52]],
  ['to nothing at the border', [100, 80, 100, 80], [96, 76, 100, 80]],
  ['to nothing outside', [-20, -20, -10, -10], [0, 0, 4, 4]],
])('a box can be resized %s', (_, [x1, y1, x2, y2], expected) => {
  const resized = resizeBox(begun, 1, { x1, y1, x2, y2 });
  expect(boxes(resized)).toEqual([[10, 10, 30, 20], expected]);
  expect(resized.detections[1]).toMatchObject({ edited: true, confidence: 0.5, label: 'car' });
});

test('a picture smaller than the shortest side is filled', () => {
  expect(SHORTEST_SIDE).toBeGreaterThan(2);
  expect(fitBox({ x1: 1, y1: 0, x2: 1, y2: 1 }, { width: 2, height: 1 })).toEqual({ x1: 0, y1: 0, x2: 2, y2: 1 });
});

test('a relabelled box has a person’s confidence', () => {
  const { detections } = relabelBox(begun, 0, cat);
  expect(detections[0]).toEqual({ ...dog, ...cat, confidence: 1, edited: true });
});

test('the label that it had already changes nothing', () => {
  expect(relabelBox(begun, 0, { classId: 16, label: 'dog' })).toBe(begun);
});

test('deletes a box', () => {
  expect(deleteBox(begun, 0).detections).toEqual([car]);
});

test('adds a box, clipped and sure', () => {
  const { detections } = addBox(begun, { x1: 120, y1: 60, x2: 60, y2: 20 }, cat);
  expect(detections.slice(0, 2)).toEqual([dog, car]);
  expect(detections[2]).toEqual({ ...cat, confidence: 1, edited: true, box: { x1: 60, y1: 20, x2: 100, y2: 60 } });
});

test('undoes and redoes each step', () => {
  const steps = [begun, moveBox(begun, 0, { dx: 1, dy: 1 })];
  steps.push(deleteBox(steps[1], 1), addBox(deleteBox(steps[1], 1), car.box, cat));
  let history = steps[3];
  for (const expected of [steps[2], steps[1], steps[0], steps[0]]) {
    history = undo(history);
    expect(history.detections).toEqual(expected.detections);
  }
  for (const expected of [steps[1], steps[2], steps[3], steps[3]]) {
    history = redo(history);
    expect(history.detections).toEqual(expected.detections);
  }
});

test('discarding is a step, which undo brings back', () => {
  const edited = deleteBox(begun, 0);
  const discarded = discard(edited);
  expect(discarded.detections).toBe(begun.found);
  expect(undo(discarded).detections).toEqual([car]);
  expect(redo(undo(discarded)).detections).toBe(begun.found);
});

test('after discarding, editing goes on over what is found now', () => {
  const discarded = discard(deleteBox(begun, 0));
  expect(continueEditing(discarded, [dog, car])).toBe(discarded);
  const filtered = continueEditing(discarded, [dog]);
  expect([filtered.detections, filtered.detections === filtered.found]).toEqual([[dog], true]);
  expect(undo(undo(filtered)).detections).toEqual([car]);
  const edited = deleteBox(begun, 0);
  expect(continueEditing(edited, [dog])).toBe(edited);
});

test('a new step forgets those undone', () => {
  const history = deleteBox(undo(moveBox(begun, 0, { dx: 1, dy: 1 })), 0);
  expect(redo(history)).toBe(history);
  expect(undo(history).detections).toEqual(begun.detections);
});

test('the steps of one gesture are undone together, those of the next one apart', () => {
  let history = begun;
  for (let i = 0; i < 5; i += 1) history = moveBox(history, 0, { dx: 1, dy: 0 }, 'drag 1');
  history = resizeBox(history, 0, { x1: 0, y1: 0, x2: 50, y2: 50 }, 'drag 2');
  expect(boxes(undo(history))[0]).toEqual([15, 10, 35, 20]);
  expect(undo(undo(history)).detections).toEqual(begun.detections);
});

test('a gesture does not go on after it was undone', () => {
  const history = moveBox(undo(moveBox(begun, 0, { dx: 1, dy: 0 }, 'drag')), 0, { dx: 2, dy: 0 }, 'drag');
  expect(undo(history).detections).toEqual(begun.detections);
  expect(boxes(history)[0]).toEqual([12, 10, 32, 20]);
});

test('changes no history that it is given', () => {
  const before = structuredClone(begun);
  undo(relabelBox(addBox(resizeBox(moveBox(begun, 0, { dx: 1, dy: 1 }), 1, dog.box), dog.box, cat), 0, cat));
  expect(begun).toEqual(before);
  expect(Object.isFrozen(begun.detections)).toBe(true);
});

test('does not grow without end', () => {
  let history = begun;
  for (let i = 0; i < 500; i += 1) history = moveBox(history, 0, { dx: i % 2 ? 1 : -1, dy: 0 });
  expect(history.past.length).toBeLessThanOrEqual(200);
});

test.each([
  ['a box that is not there', () => deleteBox(begun, 2)],
  ['a move to nowhere', () => moveBox(begun, 0, { dx: NaN, dy: 0 })],
  ['a side at infinity', () => resizeBox(begun, 0, { x1: -Infinity, y1: 0, x2: 9, y2: 9 })],
  ['a box of no numbers', () => addBox(begun, { x1: NaN, y1: 0, x2: 9, y2: 9 }, cat)],
])('refuses %s', (_, edit) => {
  expect(edit).toThrow(RangeError);
});

test('a label is of the class that has its name, else of a new one', () => {
  const known = [dog, car];
  expect(classOf('car', known, 80)).toEqual({ classId: 2, label: 'car' });
  expect(classOf('snail', known, 80)).toEqual({ classId: 80, label: 'snail' });
  expect(classOf('snail', known)).toEqual({ classId: 17, label: 'snail' });
  expect(classOf('slug', [...known, classOf('snail', known, 80)], 80)).toEqual({ classId: 81, label: 'slug' });
});
