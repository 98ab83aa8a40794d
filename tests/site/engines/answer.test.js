import { describe, expect, test } from 'vitest';
import { parseAnswer, parseStatus } from '../../../site/src/engines/remote/answer.js';
import { answer, dog, status } from '../answers.js';

const parse = (changes) => parseAnswer(JSON.stringify(answer(changes)));
const withDog = (changes) => ({ detections: [{ ...dog, ...changes }] });

describe('parseAnswer', () => {
  test('passes what the API promises', () => {
    expect(parse()).toEqual({
      name: 'dog.jpg',
      image: answer().image,
      width: 768,
      height: 576,
      detections: [{ label: 'dog', classId: 16, confidence: 0.98, box: dog.box }],
      candidates: [{ label: 'dog', classId: 16, confidence: 0.98, box: dog.box }],
      model: 'yolov3',
      timings: { decode: 6.1, inference: 68, render: 4.2, queue: 0 },
    });
  });

  test('passes an answer without detections', () => {
    expect(parse({ detections: [] }).detections).toEqual([]);
  });

  test('does not mind what it does not know', () => {
    expect(parse({ segments: 'anything' })).not.toHaveProperty('segments');
  });

  test('passes the candidates beside the detections', () => {
    const faint = { ...dog, confidence: 0.06 };
    const { detections, candidates } = parse({ candidates: [dog, faint] });
    expect([detections.length, candidates.length, candidates[1].confidence]).toEqual([1, 2, 0.06]);
  });

  test('keeps markup as the text that it is', () => {
    const label = '<img src=x onerror=alert(1)>';
    expect(parse(withDog({ label })).detections[0].label).toBe(label);
  });

  test('cuts texts that would fill the page', () => {
    expect(parse(withDog({ label: 'x'.repeat(1e5) })).detections[0].label).toHaveLength(200);
  });

  test('leaves out a timing that is no number', () => {
    expect(parse({ timings_ms: { inference: 'fast', decode: 1 } }).timings).toEqual({ decode: 1 });
  });

  test.each([
    ['a script for a picture', { image: 'javascript:alert(1)' }],
    ['an SVG for a picture', { image: 'data:image/svg+xml;base64,PHN2Zz4=' }],
    ['a page for a picture', { image: 'data:text/html;base64,PGI+' }],
    ['a picture from elsewhere', { image: 'https://elsewhere.example/x.jpg' }],
    ['a picture with more than base64', { image: 'data:image/jpeg;base64,AAAA" onload="x' }],
    ['no picture', { image: null }],
    ['no detections', { detections: undefined }],
    ['detections that are no list', { detections: { length: 1, 0: dog } }],
    ['more detections than the API ever returns', { detections: Array(1001).fill(dog) }],
    ['candidates that are no list', { candidates: 'many' }],
    ['a million candidates', { candidates: Array(1e6).fill(0) }],
    ['a candidate without a place', { candidates: [{ ...dog, box: { x1: null, y1: 0, x2: 1, y2: 1 } }] }],
    ['a detection that is nothing', { detections: [null] }],
    ['a width of 0', { width: 0 }],
    ['a height as text', { height: '576' }],
    ['a label that is an object', withDog({ label: { toString: 'x' } })],
    ['a confidence above 1', withDog({ confidence: 1.2 })],
    ['a confidence that is none', withDog({ confidence: NaN })],
    ['a negative class', withDog({ class_id: -1 })],
    ['half a class', withDog({ class_id: 1.5 })],
    ['a box without a side', withDog({ box: { x1: 1, y1: 1, x2: 2 } })],
    ['a box outside the picture', withDog({ box: { x1: 1, y1: 1, x2: 769, y2: 2 } })],
    ['a box inside out', withDog({ box: { x1: 9, y1: 1, x2: 2, y2: 2 } })],
    ['a box at infinity', withDog({ box: { x1: -1e999, y1: 1, x2: 2, y2: 2 } })],
    ['a name that is no text', { name: 7 }],
    ['timings that are a list', { timings_ms: [] }],
  ])('refuses %s', (_, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });

  test.each(['', 'null', '[]', '"x"', '<html>', '{"detections": []'])('refuses the body %j', (body) => {
    expect(() => parseAnswer(body)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });
});

describe('parseStatus', () => {
  test.each(['online', 'busy'])('passes %s', (light) => {
    expect(parseStatus(JSON.stringify(status({ status: light })))).toEqual({
      light,
      model: 'yolov3',
      classes: 80,
      queue: { running: 0, waiting: 0, capacity: 4 },
    });
  });

  test.each([
    ['another word', { status: 'offline' }],
    ['no word', { status: undefined }],
    ['a model that is no text', { model: {} }],
    ['a queue of negative length', { queue: { running: 0, waiting: -1, capacity: 4 } }],
    ['a queue that is a word', { queue: 'long' }],
  ])('refuses %s', (_, changes) => {
    expect(() => parseStatus(JSON.stringify(status(changes)))).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });

  test('refuses the page that another server shows for an unknown address', () => {
    expect(() => parseStatus('<!doctype html>')).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });
});
