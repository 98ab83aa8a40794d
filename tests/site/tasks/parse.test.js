import { describe, expect, test } from 'vitest';
import { parseDetections } from '../../../site/src/tasks/detection/parse.js';
import { answer, dog } from '../answers.js';

const SIZE = { width: 768, height: 576 };
const parse = (changes) => parseDetections(answer(changes), SIZE);
const withDog = (changes) => ({ detections: [{ ...dog, ...changes }] });

describe('parseDetections', () => {
  test('passes what the API promises; without candidates the detections are all there is to choose from', () => {
    const found = [{ label: 'dog', classId: 16, confidence: 0.98, box: dog.box }];
    expect(parse()).toEqual({ detections: found, candidates: found, size: { width: 768, height: 576 } });
    expect(parse({ detections: [] }).detections).toEqual([]);
  });

  test('passes the candidates beside the detections', () => {
    const faint = { ...dog, confidence: 0.06 };
    const { detections, candidates } = parse({ candidates: [dog, faint] });
    expect([detections.length, candidates.length, candidates[1].confidence]).toEqual([1, 2, 0.06]);
  });

  test('passes an outline, which may leave the picture, and key points', () => {
    const keypoints = [{ name: 'nose', x: 5.5, y: 6, confidence: 0.9 }];
    const [found] = parse(withDog({ polygon: [[-3, 1], [900, 2.5], [4, 600]], keypoints })).detections;
    expect(found.polygon).toEqual([{ x: -3, y: 1 }, { x: 900, y: 2.5 }, { x: 4, y: 600 }]);
    expect(found.keypoints).toEqual(keypoints);
  });

  test('keeps markup as the text that it is', () => {
    const label = '<img src=x onerror=alert(1)>';
    expect(parse(withDog({ label })).detections[0].label).toBe(label);
  });

  test('cuts texts that would fill the page', () => {
    expect(parse(withDog({ label: 'x'.repeat(1e5) })).detections[0].label).toHaveLength(200);
  });

  test.each([
    ['no detections', { detections: undefined }],
    ['detections that are no list', { detections: { length: 1, 0: dog } }],
    ['more detections than the API ever returns', { detections: Array(1001).fill(dog) }],
    ['candidates that are no list', { candidates: 'many' }],
    ['a million candidates', { candidates: Array(1e6).fill(0) }],
    ['a candidate without a place', { candidates: [{ ...dog, box: { x1: null, y1: 0, x2: 1, y2: 1 } }] }],
    ['a detection that is nothing', { detections: [null] }],
    ['a label that is an object', withDog({ label: { toString: 'x' } })],
    ['a confidence above 1', withDog({ confidence: 1.2 })],
    ['a confidence that is none', withDog({ confidence: NaN })],
    ['a negative class', withDog({ class_id: -1 })],
    ['half a class', withDog({ class_id: 1.5 })],
    ['a box without a side', withDog({ box: { x1: 1, y1: 1, x2: 2 } })],
    ['a box outside the picture', withDog({ box: { x1: 1, y1: 1, x2: 769, y2: 2 } })],
    ['a box inside out', withDog({ box: { x1: 9, y1: 1, x2: 2, y2: 2 } })],
    ['a box at infinity', withDog({ box: { x1: -1e999, y1: 1, x2: 2, y2: 2 } })],
    ['an outline of numbers', withDog({ polygon: [1, 2, 3] })],
    ['an outline of texts', withDog({ polygon: [['1', '2']] })],
    ['an outline without end', withDog({ polygon: Array(10_001).fill([1, 1]) })],
    ['a key point without a place', withDog({ keypoints: [{ name: 'nose', confidence: 1 }] })],
    ['a key point without a name', withDog({ keypoints: [{ x: 1, y: 1, confidence: 1 }] })],
  ])('refuses %s', (_, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });
});
