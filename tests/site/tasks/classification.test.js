import { describe, expect, test } from 'vitest';
import { classification as task } from '../../../site/src/tasks/classification/task.js';

const SIZE = { width: 40, height: 30 };
const CLASSES = [
  { label: 'beagle', class_id: 162, confidence: 0.8 },
  { label: 'basset', class_id: 161, confidence: 0.15 },
];
const shownOf = (classes = CLASSES) => task.refine(task.parse({ classes }, SIZE), task.choice.defaults, null);

describe('classes', () => {
  test('are rows and marks in the same order, and words', () => {
    const shown = shownOf();
    expect(task.rows(shown)).toMatchObject([{ label: 'beagle', figure: '80%', share: 0.8 }, { label: 'basset', figure: '15%', share: 0.15 }]);
    expect(task.marks(shown).map(({ name, box }) => [name, box])).toEqual([['beagle 80%', null], ['basset 15%', null]]);
    expect(task.words(shown)).toMatchObject({ title: 'beagle', alt: 'Your photo; it shows: beagle 80%, basset 15%' });
  });

  test('leave nothing to choose', () => {
    expect(task.choice.write(task.choice.read(new URLSearchParams('hide=beagle'), {}), {})).toEqual([]);
    expect(shownOf().isAdjustable).toBe(false);
  });

  test.each([
    undefined,
    [],
    [{ ...CLASSES[0], confidence: 1.5 }],
    [{ ...CLASSES[0], class_id: 1.5 }],
    [{ ...CLASSES[0], label: 1 }],
  ])('are refused when they are not as promised: %j', (classes) => {
    expect(() => task.parse({ classes }, SIZE)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });

  test('are kept in the form of the API', async () => {
    const answer = { model: 'm', result: task.parse({ classes: CLASSES }, SIZE) };
    const { name, content } = await task.formats[0].make({ name: 'dog.jpg', size: SIZE, answer });
    expect(name).toBe('dog-classes.json');
    expect(JSON.parse(await content.text())).toEqual({ name: 'dog.jpg', ...SIZE, model: 'm', classes: CLASSES });
  });
});
