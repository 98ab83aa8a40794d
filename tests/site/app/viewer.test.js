import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createChoices } from '../../../site/src/app/choices.js';
import { createViewer } from '../../../site/src/app/viewer.js';
import { detection } from '../../../site/src/tasks/detection/task.js';

const found = (confidence, classId = 16) => ({ label: `thing ${classId}`, classId, confidence, box: { x1: 0, y1: 0, x2: classId, y2: 9 } });
const CANDIDATES = [found(0.9), found(0.5, 2), found(0.1, 3)];
const answerOf = (changes) => ({
  task: 'detection',
  model: 'yolov3',
  image: 'data:image/png;base64,AA',
  timings: {},
  result: { detections: CANDIDATES.slice(0, 2), candidates: CANDIDATES },
  ...changes,
});
const jobOf = (changes) => ({ answer: answerOf(changes), edits: null });

let page;
let fragment;
let stored;
let photographOf;
let isAtHand;

function open(at = '') {
  fragment = at;
  const choices = createChoices({
    start: {},
    address: { readAddress: () => fragment, writeAddress: (next) => (fragment = next) },
    preferences: { recall: (key) => stored.get(key) ?? null, remember: (key, next) => stored.set(key, next) },
  });
  return createViewer({ page, tasks: [detection], choices, photographs: { of: photographOf, isAtHand: () => isAtHand } });
}

const view = () => page.showView.mock.lastCall[0];
const labels = () => view().rows.filter(({ isHidden }) => !isHidden).map(({ label }) => label);

function show(viewer, job = jobOf()) {
  viewer.open(job);
  return job;
}

beforeEach(() => {
  stored = new Map();
  photographOf = vi.fn(async () => new Blob());
  isAtHand = true;
  const names = ['showResult', 'showView', 'showServerPicture', 'announceView'];
  page = { ...Object.fromEntries(names.map((name) => [name, vi.fn()])), showPhotograph: vi.fn(async () => {}) };
});

describe('a result', () => {
  test('is what the server answered, as it drew it', async () => {
    show(open());
    expect(labels()).toEqual(['thing 16', 'thing 2']);
    expect(view().isOwn).toBe(false);
    expect(photographOf).not.toHaveBeenCalled();
  });

  test('is taken over at the first touch, once', async () => {
    const viewer = open();
    show(viewer);
    viewer.touch();
    viewer.touch();
    await vi.waitFor(() => expect(view().isOwn).toBe(true));
    expect(page.showPhotograph).toHaveBeenCalledOnce();
  });

  test('stays the server’s where there is no photograph, and is asked for again at the next touch', async () => {
    photographOf.mockRejectedValueOnce(new Error('offline'));
    const viewer = open();
    show(viewer);
    viewer.touch();
    await vi.waitFor(() => expect(photographOf).toHaveBeenCalledOnce());
    expect(view().isOwn).toBe(false);
    await vi.waitFor(() => {
      viewer.touch();
      expect(view().isOwn).toBe(true);
    });
  });

  test('is not taken over by a mere touch where that would send the photograph once more', async () => {
    isAtHand = false;
    const viewer = open();
    show(viewer);
    viewer.touch();
    expect(photographOf).not.toHaveBeenCalled();
    viewer.choose({ confidence: 0.6 });
    expect(photographOf).toHaveBeenCalledOnce();
  });

  test('as the server drew it lists what the server found, and what was chosen stays', () => {
    const viewer = open();
    show(viewer);
    viewer.choose({ confidence: 0.6 });
    expect(labels()).toEqual(['thing 16']);
    viewer.showAsServerDrew(true);
    expect([labels(), view().choice.confidence]).toEqual([['thing 16', 'thing 2'], 0.25]);
    viewer.showAsServerDrew(false);
    expect(labels()).toEqual(['thing 16']);
  });

  test('as the server drew it comes from the address, too, but not over edits', () => {
    const viewer = open();
    const job = show(viewer);
    fragment = '#confidence=0.6&drawn=server';
    viewer.reload();
    expect(page.showServerPicture).toHaveBeenCalledOnce();
    expect(labels()).toEqual(['thing 16', 'thing 2']);
    job.edits = { detections: [found(1, 7)], past: [], future: [], gesture: '', size: { width: 9, height: 9 } };
    viewer.reload();
    expect(labels()).toEqual(['thing 7']);
  });

  test('that nobody has drawn is painted by the page at once', async () => {
    show(open(), jobOf({ image: null }));
    expect(view().hasDrawn).toBe(false);
    await vi.waitFor(() => expect(view().isOwn).toBe(true));
  });

  test('is summed up without what is filtered', () => {
    const viewer = open('#hide=thing+16');
    expect(viewer.summaryOf(show(viewer))).toEqual({ many: 2, title: '2 objects found' });
  });

  test('of another photo is not covered by one that comes late', async () => {
    let arrive = () => {};
    photographOf.mockReturnValueOnce(new Promise((resolve) => (arrive = () => resolve(new Blob()))));
    const viewer = open();
    show(viewer);
    viewer.touch();
    show(viewer);
    arrive();
    await Promise.resolve();
    expect(page.showPhotograph).not.toHaveBeenCalled();
  });
});

describe('a choice', () => {
  test('filters, and is kept when the hand is off', async () => {
    const viewer = open();
    show(viewer);
    viewer.choose({ confidence: 0.05 });
    expect(labels()).toEqual(['thing 16', 'thing 2', 'thing 3']);
    expect(fragment).toBe('');
    viewer.settle();
    expect(fragment).toBe('#confidence=0.05');
    expect(stored.get('view.detection.yolov3')).toBe('#confidence=0.05');
    viewer.backToStart();
    viewer.settle();
    expect([fragment, stored.get('view.detection.yolov3')]).toEqual(['', null]);
  });

  test('of the address goes before the one remembered', async () => {
    stored.set('view.detection.yolov3', '#confidence=0.05');
    const viewer = open('#hide=thing+16');
    show(viewer);
    expect(labels()).toEqual(['thing 2']);
  });

  test('of an example stands in the address', () => {
    const viewer = open();
    viewer.nameExample('dog.jpg');
    expect(fragment).toBe('#example=dog.jpg');
  });
});

describe('edits', () => {
  test('take the place of what was found, until they are given up', async () => {
    const viewer = open();
    const job = show(viewer);
    viewer.edit({ detections: [found(1, 7)], past: [], future: [], gesture: '', size: { width: 9, height: 9 } });
    expect([labels(), view().isEdited]).toEqual([['thing 7'], true]);
    expect(job.edits).not.toBeNull();
    viewer.edit(null);
    expect([labels(), view().isEdited]).toEqual([['thing 16', 'thing 2'], false]);
  });
});
