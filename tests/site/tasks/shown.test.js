// What is shown of detections under a choice, and what is said of the rest.

import { afterEach, describe, expect, test } from 'vitest';
import { choiceForm } from '../../../site/src/tasks/detection/choice.js';
import { detection } from '../../../site/src/tasks/detection/task.js';
import { learnLabels, speak } from '../../../site/src/texts/texts.js';

const found = (label, confidence, x = 0) => ({ label, classId: label.length, confidence, box: { x1: x, y1: 0, x2: x + 9, y2: 9 } });
const DOG = found('dog', 0.9);
const CAR = found('car', 0.6, 20);
const KITE = found('kite', 0.3, 40);
const GUESS = found('cow', 0.1, 60);
const RESULT = { detections: [DOG, CAR, KITE], candidates: [DOG, CAR, KITE, GUESS] };
const show = (change, result = RESULT) => detection.refine(result, { ...choiceForm.defaults, ...change }, null);
const rowsOf = (shown) => detection.rows(shown).map(({ label, isHidden }) => (isHidden ? `(${label})` : label));
const said = (shown) => detection.words(shown).spoken.split(':')[0];

afterEach(() => speak('en'));

describe('a filter', () => {
  test.each([
    [{}, '3 objects found'],
    [{ hidden: ['dog'] }, '3 objects found, 1 hidden'],
    [{ confidence: 0.5 }, '3 objects found, 1 hidden'],
    [{ confidence: 0.5, hidden: ['dog'] }, '3 objects found, 2 hidden'],
    [{ confidence: 0.95 }, '3 objects found, 3 hidden'],
    [{ confidence: 0.05 }, '4 objects found'],
    [{ hidden: ['violin'] }, '3 objects found'],
  ])('of %j says what it hides: %s', (change, title) => {
    expect(said(show(change))).toBe(title);
  });

  test('that is none hides nothing, whatever the server has answered', () => {
    expect(said(show({}, { detections: [GUESS], candidates: [GUESS] }))).toBe('1 object found');
  });

  test('is no reason where the model is not sure of anything', () => {
    const { title, sentence } = detection.words(show({}, { detections: [], candidates: [GUESS] }));
    expect([title, sentence]).toEqual(['Nothing found', expect.stringContaining('1 guess below 25%')]);
  });
});

describe('a row', () => {
  test('hides its kind and brings it back, in its place, while there are few kinds', () => {
    const [row] = detection.rows(show({}));
    const hidden = show(row.toggle);
    expect([rowsOf(hidden), detection.marks(hidden).length]).toEqual([['(dog)', 'car', 'kite'], 2]);
    expect(detection.rows(hidden)[0].toggle).toEqual({ hidden: [] });
  });

  test.each([
    ['two of a kind', [DOG, CAR, found('car', 0.5, 80)]],
    ['five kinds', ['one', 'two', 'three', 'four', 'five'].map((label, index) => found(label, 0.9, index * 20))],
  ])('leaves that to the chips where there are %s', (_, detections) => {
    const result = { detections, candidates: detections };
    expect(show({}, result).hasChips).toBe(true);
    expect(rowsOf(show({ hidden: [detections[0].label] }, result))).not.toContain(`(${detections[0].label})`);
    expect(detection.rows(show({}, result)).some(({ toggle }) => toggle)).toBe(false);
  });

  test('has no eye where it would be moved by a slider: what was answered decides', () => {
    expect([show({ confidence: 0.05 }).hasChips, show({ confidence: 0.95 }).hasChips]).toEqual([false, false]);
  });
});

test('a label is called in the language that is spoken, and stays the model’s in what is chosen', async () => {
  await speak('de');
  await learnLabels();
  const shown = show({});
  expect(rowsOf(shown)).toEqual(['Hund', 'Auto', 'Drachen']);
  expect(detection.marks(shown)[0].name).toContain('Hund');
  expect(detection.words(shown).sentence).toBe('Hund, Auto, Drachen');
  expect(detection.rows(shown)[0].toggle).toEqual({ hidden: ['dog'] });
  expect(shown.detections[0].label).toBe('dog');
});
