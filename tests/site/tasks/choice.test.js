import { expect, test } from 'vitest';
import { choiceForm } from '../../../site/src/tasks/detection/choice.js';

const { defaults } = choiceForm;
const read = (text, start = defaults) => choiceForm.read(new URLSearchParams(text), start);
const write = (changes, start = defaults) => String(new URLSearchParams(choiceForm.write({ ...defaults, ...changes }, start)));
const chosen = { confidence: 0.4, iou: 0.6, hidden: ['dog', 'traffic light', 'a,b&c'], blurred: ['person'], find: 'exit & more', answered: defaults.answered };

test('a link opens the view that it was made of, with hidden classes by their labels', () => {
  expect(write(chosen)).toBe('confidence=0.4&iou=0.6&find=exit+%26+more&hide=a%2Cb%26c&hide=dog&hide=traffic+light&blur=person');
  expect(read(write(chosen))).toEqual({ ...chosen, hidden: [...chosen.hidden].sort() });
});

test.each([0.05, 0.1, 0.1 + 0.2, 0.333333, 0.999999, 1])('the confidence %d comes back', (confidence) => {
  expect(read(write({ confidence })).confidence).toBeCloseTo(confidence, 6);
});

test.each([0, 0.000001, 0.0000001, 1])('the overlap %d comes back', (iou) => {
  expect(read(write({ iou })).iou).toBeCloseTo(iou, 6);
});

test('what is as at the start is not said, and what was taken back is', () => {
  expect(write({})).toBe('');
  expect(read('')).toEqual(defaults);
  expect(write({ hidden: ['dog'] }, { ...defaults, hidden: ['dog'] })).toBe('');
  expect(read(write({}, chosen), chosen)).toEqual(defaults);
});

test('reads labels in any order, each once', () => {
  expect(read('hide=dog&hide=ant&hide=dog&iou=.5')).toEqual({ ...defaults, hidden: ['ant', 'dog'], iou: 0.5 });
});

test.each([
  'confidence=NaN', 'confidence=-1', 'confidence=1e-1', 'confidence=0.01', 'confidence=2', 'confidence=Infinity',
  'confidence=', 'confidence=0x1', 'iou=1.1', 'iou=0,5', 'iou=%00', 'hide=', 'blur=', `hide=${'x'.repeat(201)}`,
  '%', '%E0%A4%A', '__proto__=1&constructor=2',
])('%.40s falls back', (text) => {
  expect(read(text)).toEqual(defaults);
});

test('one bad value leaves the good ones', () => {
  expect(read('confidence=no&iou=0.3')).toEqual({ ...defaults, iou: 0.3 });
});

test('begins where the server says that it does, and believes no nonsense', () => {
  const told = choiceForm.told({ confidence: 0.5, iou: 0.6, max_detections: 30 });
  expect(told).toEqual({ confidence: 0.5, iou: 0.6, find: '', hidden: [], blurred: [], answered: { confidence: 0.5, iou: 0.6, maxDetections: 30 } });
  expect(choiceForm.told({ confidence: 2, iou: 'x', max_detections: -1 })).toEqual(defaults);
  expect(choiceForm.told({})).toEqual(defaults);
});
