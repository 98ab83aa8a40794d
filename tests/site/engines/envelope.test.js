import { describe, expect, test } from 'vitest';
import { parseModels } from '../../../site/src/engines/remote/cards.js';
import { parseEnvelope, parseLabels, parseStatus } from '../../../site/src/engines/remote/envelope.js';
import { answer, status } from '../answers.js';

const parse = (changes) => parseEnvelope(JSON.stringify(answer(changes)));

describe('parseEnvelope', () => {
  test('passes what every answer has, and the rest for its task to read', () => {
    expect(parse({ task: 'segmentation' })).toEqual({
      name: 'dog.jpg',
      task: 'segmentation',
      model: 'yolov3',
      image: answer().image,
      width: 768,
      height: 576,
      timings: { decode: 6.1, inference: 68, render: 4.2, queue: 0 },
      json: answer({ task: 'segmentation' }),
    });
  });

  test('takes an older API, which names no task, for a detector', () => {
    expect(parse({ task: undefined }).task).toBe('detection');
  });

  test('passes an answer into which nobody has drawn', () => {
    expect(parse({ image: null }).image).toBeNull();
    expect(parse({ image: undefined }).image).toBeNull();
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
    ['a picture that is a number', { image: 7 }],
    ['a task that is no text', { task: ['detection'] }],
    ['a width of 0', { width: 0 }],
    ['a height as text', { height: '576' }],
    ['a name that is no text', { name: 7 }],
    ['timings that are a list', { timings_ms: [] }],
  ])('refuses %s', (_, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });

  test.each(['', 'null', '[]', '"x"', '<html>', '{"detections": []'])('refuses the body %j', (body) => {
    expect(() => parseEnvelope(body)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });
});

describe('parseLabels', () => {
  test('passes them in their order', () => {
    expect(parseLabels('{"model": "m", "labels": ["ant", "bee"]}')).toEqual(['ant', 'bee']);
  });
});

describe('parseStatus', () => {
  test.each(['online', 'busy'])('passes %s', (light) => {
    expect(parseStatus(JSON.stringify(status({ status: light, defaults: { confidence: 0.5 } })))).toEqual({
      light,
      model: 'yolov3',
      queue: { running: 0, waiting: 0, capacity: 4 },
      defaults: { confidence: 0.5 },
      needsKey: false,
    });
  });

  test('passes that programs need a key', () => {
    expect(parseStatus(JSON.stringify(status({ needs_key: true }))).needsKey).toBe(true);
  });

  test('passes a server that tells no defaults', () => {
    expect(parseStatus(JSON.stringify(status())).defaults).toEqual({});
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

describe('parseModels', () => {
  test('passes names and tasks of the models that could be loaded', () => {
    const models = [{ name: 'a', task: 'detection', labels: [] }, { name: 'b', state: 'failed', detail: 'No file.' }];
    expect(parseModels(JSON.stringify({ default: 'a', models }))).toEqual([{ name: 'a', task: 'detection', door: 'detection' }]);
  });

  test.each([
    ['detection', ['face'], 'yunet', 'faces'],
    ['detection', ['human face', 'Face_mask'], 'm', 'faces'],
    ['detection', ['face', 'person'], 'faces', 'detection'],
    ['detection', ['surface', 'typeface'], 'm', 'detection'],
    ['detection', [], 'my-faces', 'faces'],
    ['classification', ['face'], 'faces', 'classification'],
  ])('tells the door of a model for %s of %j', (task, labels, name, door) => {
    expect(parseModels(JSON.stringify({ models: [{ name, task, labels }] }))[0]).toMatchObject({ door });
  });

  test.each(['{}', '{"models": {}}', '{"models": [1]}', '{"models": [{"name": 1, "task": "detection"}]}'])('refuses %s', (body) => {
    expect(() => parseModels(body)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });
});
