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

  test('are as many as are chosen', () => {
    const { read, write, defaults, told } = task.choice;
    const one = read(new URLSearchParams('top=1'), defaults);
    expect(task.rows(task.refine(task.parse({ classes: CLASSES }, SIZE), one, null))).toHaveLength(1);
    expect(write(one, defaults)).toEqual([['top', '1']]);
    expect(write(read(new URLSearchParams('hide=beagle'), defaults), defaults)).toEqual([]);
    expect(told({ top: 3 })).toMatchObject({ top: 3, answered: 3 });
    expect(told({ top: 'many' })).toEqual(defaults);
  });

  test.each(['top=0', 'top=101', 'top=-1', 'top=1e1', 'top=', 'top=2.5'])('are not as many as %s says', (text) => {
    expect(task.choice.read(new URLSearchParams(text), task.choice.defaults)).toEqual(task.choice.defaults);
  });

  const HEAT = 'data:image/png;base64,AAAA';
  const explanation = { label: 'beagle', class_id: 162, box: { x1: 5, y1: 0, x2: 35, y2: 30 }, rows: 1, columns: 2, grid: [[-0.2, 0.6]], heat_map: HEAT };

  test('have a heat map of what decided, when it is asked for', () => {
    const result = task.parse({ classes: CLASSES, explanation }, SIZE);
    expect(result.explanation).toMatchObject({ label: 'beagle', most: 0.6 });
    const [first, second] = task.marks(task.refine(result, { ...task.choice.defaults, isExplained: true }, null));
    expect(first.marks[0]).toEqual({ kind: 'mask', url: HEAT, box: explanation.box });
    expect(second.marks).toHaveLength(1);
    expect(task.marks(task.refine(result, task.choice.defaults, null))[0].marks).toHaveLength(1);
  });

  test.each([
    { heat_map: 'https://a.b/c.png' },
    { heat_map: 3 },
    { box: { ...explanation.box, x2: 41 } },
    { grid: [[2]] },
    { grid: 'x' },
    { label: null },
  ])('are refused with an explanation like %j', (changes) => {
    const made = { ...explanation, ...changes };
    expect(() => task.parse({ classes: CLASSES, explanation: made }, SIZE)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
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
    const { name, content } = await task.formats[0].make({ name: 'dog.jpg', size: SIZE, answer, shown: shownOf() });
    expect(name).toBe('dog-classes.json');
    expect(JSON.parse(await content.text())).toEqual({ name: 'dog.jpg', ...SIZE, model: 'm', classes: CLASSES });
  });
});
