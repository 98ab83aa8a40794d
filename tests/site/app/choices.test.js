import { beforeEach, describe, expect, test } from 'vitest';
import { createChoices } from '../../../site/src/app/choices.js';
import { detection } from '../../../site/src/tasks/detection/task.js';

const TINY = { task: detection, model: 'yolov3-tiny' };
const FACES = { task: detection, model: 'faces' };

let fragment;
let stored;

/** @param {string} [at] @param {object} [start] */
function open(at = '', start = {}) {
  fragment = at;
  return createChoices({
    start,
    address: { readAddress: () => fragment, writeAddress: (next) => (fragment = next) },
    preferences: {
      recall: (key) => stored.get(key) ?? null,
      remember: (key, value) => void (value === null ? stored.delete(key) : stored.set(key, value)),
    },
  });
}

beforeEach(() => {
  stored = new Map();
});

describe('a choice', () => {
  test('belongs to a model, in memory and for the next visit', () => {
    const choices = open();
    choices.set(TINY, { hidden: ['car'] });
    choices.save(TINY);
    expect(choices.of(FACES).hidden).toEqual([]);
    expect(fragment).toBe('#hide=car');
    const later = open();
    expect(later.of(FACES).hidden).toEqual([]);
    expect(later.of(TINY).hidden).toEqual(['car']);
  });

  test('of the address goes before the one remembered, and is for the first answer', () => {
    stored.set('view.detection.yolov3-tiny', '#confidence=0.05');
    const choices = open('#hide=dog');
    expect(choices.of(TINY)).toMatchObject({ confidence: 0.25, hidden: ['dog'] });
    expect(choices.of(FACES).hidden).toEqual([]);
  });

  test('of the address stays there until there is an answer', () => {
    const choices = open('#confidence=0.4');
    choices.setPage({ example: 'dog.jpg' });
    choices.save(null);
    expect(fragment).toBe('#confidence=0.4&example=dog.jpg');
    expect(choices.of(TINY).confidence).toBe(0.4);
  });

  test('begins where the owner says, and need not be said then', () => {
    const choices = open('', { confidence: 0.4, hide: ['car', 'truck'], example: 'site.jpg' });
    expect(choices.of(TINY)).toMatchObject({ confidence: 0.4, iou: 0.45, hidden: ['car', 'truck'] });
    expect(choices.page().example).toBe('site.jpg');
    expect([choices.isStart(TINY), choices.isDefault(TINY)]).toEqual([true, false]);
    choices.save(TINY);
    expect([fragment, stored.size]).toEqual(['', 0]);
    choices.set(TINY, { confidence: 0.25, hidden: [] });
    choices.save(TINY);
    expect(fragment).toBe('#confidence=0.25&hide=');
    choices.toStart(TINY);
    expect(choices.of(TINY).confidence).toBe(0.4);
  });
});

describe('the page', () => {
  test('names a model in the address before what is chosen of it, and forgets it', () => {
    const choices = open('#model=faces&hide=dog');
    expect(choices.page().model).toBe('faces');
    expect(choices.of(FACES).hidden).toEqual(['dog']);
    choices.save(FACES);
    expect(fragment).toBe('#model=faces&hide=dog');
    choices.setPage({ model: 'tiny' });
    choices.save(null);
    expect(fragment).toBe('#model=tiny');
    expect(open().page().model).toBe('');
  });

  test('names a task in the address, which no next visit begins with', () => {
    const choices = open('#task=faces&hide=dog');
    expect(choices.page().task).toBe('faces');
    choices.save(FACES);
    expect(fragment).toMatch(/^#task=faces&/);
    expect(open().page().task).toBe('');
  });

  test('remembers whose drawing is shown, but no example', () => {
    const choices = open();
    choices.setPage({ asServerDrew: true, example: 'dog.jpg' });
    choices.save(TINY);
    expect(fragment).toBe('#drawn=server&example=dog.jpg');
    expect(open().page()).toEqual({ asServerDrew: true, example: '', model: '', task: '', job: '' });
  });

  test.each([
    '#drawn=', '#drawn=<script>', '#example=../secret', '#example=https://elsewhere.example/a.jpg', '#example=.hidden',
    '#example=<img>', `#example=${'a'.repeat(81)}`, '#%', '#__proto__=1', `#drawn=server&${'x'.repeat(8192)}`,
  ])('does not believe %.40s', (at) => {
    expect(open(at).page()).toEqual({ asServerDrew: false, example: '', model: '', task: '', job: '' });
  });
});

describe('the server’s defaults', () => {
  const TOLD = { confidence: 0.5, iou: 0.45, max_detections: 100 };

  test('are where a choice begins that nobody has made', () => {
    const choices = open();
    expect(choices.of(TINY).confidence).toBe(0.25);
    expect([choices.tell(TOLD), choices.tell({ ...TOLD })]).toEqual([true, false]);
    expect(choices.of(TINY).confidence).toBe(0.5);
    expect([choices.isStart(TINY), choices.isDefault(TINY)]).toEqual([true, true]);
    choices.save(TINY);
    expect(fragment).toBe('');
  });

  test('leave what the visitor has chosen, and what the owner wants to be the start', () => {
    const choices = open('', { iou: 0.6 });
    choices.set(TINY, { confidence: 0.3 });
    choices.tell(TOLD);
    expect(choices.of(TINY)).toMatchObject({ confidence: 0.3, iou: 0.6 });
    choices.save(TINY);
    expect(fragment).toBe('#confidence=0.3');
  });
});
