import { describe, expect, test } from 'vitest';
import { detection as task } from '../../../site/src/tasks/detection/task.js';

const SIZE = { width: 200, height: 100 };
const boxOf = (x1, y1, x2, y2) => ({ x1, y1, x2, y2 });
const one = (label, confidence, box, more = {}) => ({ label, class_id: 0, confidence, box, ...more });

/** @param {object[]} candidates those that are sure enough are detections */
const parse = (candidates) => task.parse({ candidates, detections: candidates.filter(({ confidence }) => confidence >= 0.25) }, SIZE);

/** @param {object[]} candidates @param {object} choice @param {object | null} [edits] */
const shownOf = (candidates, choice, edits = null) => task.refine(parse(candidates), { ...task.choice.defaults, ...choice }, edits);

const FACE = one('face', 0.9, boxOf(40, 20, 60, 40));
const DOG = one('dog', 0.8, boxOf(100, 20, 140, 60));

describe('what is covered', () => {
  test('is nothing, unless it is chosen', () => {
    expect(task.covered(shownOf([FACE, DOG], {}))).toEqual([]);
  });

  test('has a margin of whole pixels within the picture', () => {
    expect(task.covered(shownOf([FACE, DOG], { blurred: ['face'] }))).toEqual([boxOf(37, 17, 63, 43)]);
    expect(task.covered(shownOf([one('face', 0.9, boxOf(0, 0, 20.5, 20))], { blurred: ['face'] }))).toEqual([boxOf(0, 0, 24, 23)]);
  });

  test('stays so if its marks are hidden, or ever so sure ones are asked for', () => {
    const covered = task.covered(shownOf([FACE], { blurred: ['face'] }));
    expect(task.covered(shownOf([FACE], { blurred: ['face'], hidden: ['face'], confidence: 0.95 }))).toEqual(covered);
  });

  test('is less sure than what is shown', () => {
    const faint = one('face', 0.11, boxOf(150, 60, 170, 80));
    expect(task.covered(shownOf([FACE, faint], { blurred: ['face'] }))).toHaveLength(2);
    expect(task.covered(shownOf([FACE, { ...faint, confidence: 0.09 }], { blurred: ['face'] }))).toHaveLength(1);
  });

  test('is one region around all boxes of a thing', () => {
    const twin = one('face', 0.3, boxOf(44, 20, 64, 40));
    expect(task.covered(shownOf([FACE, twin], { blurred: ['face'] }))).toEqual([boxOf(36, 17, 68, 43)]);
  });

  test('follows the visitor’s corrections, and what they never saw stays covered', () => {
    const faint = one('face', 0.11, boxOf(150, 60, 170, 80));
    const larger = one('face', 0.12, boxOf(58, 38, 90, 70)); // it touches the face
    const [face, dog] = parse([FACE, DOG, larger, faint]).detections;
    const added = { label: 'face', classId: 0, confidence: 1, box: boxOf(10, 60, 30, 80), edited: true };
    expect(task.covered(shownOf([FACE, DOG, larger, faint], { blurred: ['face'] }))).toHaveLength(3);
    const edits = { found: [face, dog], detections: [dog, added], size: SIZE, past: [[face, dog]], future: [], gesture: '' };
    const covered = task.covered(shownOf([FACE, DOG, larger, faint], { blurred: ['face'] }, edits));
    expect(covered).toEqual([boxOf(7, 57, 33, 83), boxOf(147, 57, 173, 83)]);
  });
});

describe('what is blurred', () => {
  test('has no outline, no key points, and marks that are seen only when somebody points at them', () => {
    const keypoints = [{ name: 'nose', x: 50, y: 30, confidence: 0.9 }];
    const polygon = [[40, 20], [60, 20], [50, 40]];
    const [face, dog] = task.marks(shownOf([{ ...FACE, keypoints, polygon }, DOG], { blurred: ['face'] }));
    expect(face).toMatchObject({ isQuiet: true });
    expect(face.marks.map(({ kind }) => kind)).toEqual(['rect', 'label']);
    expect(dog.isQuiet).toBeUndefined();
  });

  test('can be what is shown, and what was chosen though it is not sure', () => {
    const faint = one('cat', 0.11, boxOf(150, 60, 170, 80));
    expect(shownOf([FACE, faint], {}).blurrable).toEqual(['face']);
    expect(shownOf([FACE, faint], { blurred: ['cat'] }).blurrable).toEqual(['face', 'cat']);
  });

  test('is what the API is asked for', () => {
    expect(task.fieldsOf({ ...task.choice.defaults, blurred: ['dog', 'face'] })).toMatchObject({ blur: 'dog,face' });
    expect(task.fieldsOf(task.choice.defaults)).not.toHaveProperty('blur');
  });
});

test('a skeleton has lines between those of its points that are seen', () => {
  const points = ['nose', 'eye', 'ear'].map((name, at) => ({ name, x: 10 * at, y: 5, confidence: at === 2 ? 0.4 : 0.9 }));
  const result = { ...parse([{ ...FACE, keypoints: points }]), skeleton: [['nose', 'eye'], ['eye', 'ear']] };
  const [{ marks }] = task.marks(task.refine(result, task.choice.defaults, null));
  expect(marks.filter(({ kind }) => kind === 'line')).toEqual([{ kind: 'line', from: { x: 0, y: 5 }, to: { x: 10, y: 5 } }]);
  expect(marks.filter(({ kind }) => kind === 'point')).toHaveLength(2);
});
