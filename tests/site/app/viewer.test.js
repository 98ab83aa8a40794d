import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createChoices } from '../../../site/src/app/choices.js';
import { filterDetections } from '../../../site/src/tasks/detection/filter.js';
import { suppress } from '../../../site/src/tasks/detection/nms.js';
import { DEFAULT_VIEW, readViewState, writeViewState } from '../../../site/src/tasks/detection/choice.js';
import { createViewer } from '../../../site/src/app/viewer.js';

const found = (confidence, classId = 16) => ({ label: `thing ${classId}`, classId, confidence, box: { x1: 0, y1: 0, x2: classId, y2: 9 } });
const CANDIDATES = [found(0.9), found(0.5, 2), found(0.1, 3)];
const jobOf = () => ({ answer: { detections: CANDIDATES.slice(0, 2), candidates: CANDIDATES, timings: {} }, edits: null });

let page;
let fragment;
let stored;
let photographOf;

function open(at = '') {
  fragment = at;
  const choices = createChoices({
    read: readViewState,
    write: writeViewState,
    defaults: DEFAULT_VIEW,
    address: { readAddress: () => fragment, writeAddress: (next) => (fragment = next) },
    preferences: { recall: () => stored, remember: (_, next) => (stored = next) },
  });
  return createViewer({ page, suppress: async (...what) => suppress(...what), filter: filterDetections, choices, photographOf });
}

const view = () => page.showView.mock.lastCall[0];
const labels = () => view().shown.map(({ label }) => label);

async function show(viewer, job = jobOf()) {
  await viewer.ready(job.answer);
  viewer.open(job);
  return job;
}

beforeEach(() => {
  stored = null;
  photographOf = vi.fn(async () => new Blob());
  const names = ['showResult', 'showView', 'showServerPicture', 'announceView'];
  page = { ...Object.fromEntries(names.map((name) => [name, vi.fn()])), showPhotograph: vi.fn(async () => {}) };
});

describe('a result', () => {
  test('is what the server answered, as it drew it', async () => {
    await show(open());
    expect(labels()).toEqual(['thing 16', 'thing 2']);
    expect(view().isOwn).toBe(false);
    expect(photographOf).not.toHaveBeenCalled();
  });

  test('is taken over at the first touch, once', async () => {
    const viewer = open();
    await show(viewer);
    viewer.touch();
    viewer.touch();
    await vi.waitFor(() => expect(view().isOwn).toBe(true));
    expect(page.showPhotograph).toHaveBeenCalledOnce();
  });

  test('stays the server’s where there is no photograph, and is asked for again at the next touch', async () => {
    photographOf.mockRejectedValueOnce(new Error('offline'));
    const viewer = open();
    await show(viewer);
    viewer.touch();
    await vi.waitFor(() => expect(photographOf).toHaveBeenCalledOnce());
    expect(view().isOwn).toBe(false);
    await vi.waitFor(() => {
      viewer.touch();
      expect(view().isOwn).toBe(true);
    });
  });

  test('of another photo is not covered by one that comes late', async () => {
    let arrive = () => {};
    photographOf.mockReturnValueOnce(new Promise((resolve) => (arrive = () => resolve(new Blob()))));
    const viewer = open();
    await show(viewer);
    viewer.touch();
    await show(viewer);
    arrive();
    await Promise.resolve();
    expect(page.showPhotograph).not.toHaveBeenCalled();
  });
});

describe('a choice', () => {
  test('filters, and is kept when the hand is off', async () => {
    const viewer = open();
    await show(viewer);
    viewer.choose({ confidence: 0.05 });
    expect(labels()).toEqual(['thing 16', 'thing 2', 'thing 3']);
    expect(fragment).toBe('');
    viewer.settle();
    expect(fragment).toBe('#confidence=0.05');
    expect(stored).toBe('#confidence=0.05');
    viewer.backToStart();
    viewer.settle();
    expect([fragment, stored]).toEqual(['', null]);
  });

  test('of the address goes before the one remembered', async () => {
    stored = '#confidence=0.05';
    const viewer = open('#hide=16');
    await show(viewer);
    expect(labels()).toEqual(['thing 2']);
  });

  test('is no choice of an example to be remembered', async () => {
    const viewer = open();
    viewer.nameExample('dog.jpg');
    expect([fragment, stored]).toEqual(['#example=dog.jpg', null]);
  });
});

describe('edits', () => {
  test('take the place of what was found, until they are given up', async () => {
    const viewer = open();
    const job = await show(viewer);
    viewer.edit({ detections: [found(1, 7)], past: [], future: [], gesture: '', size: { width: 9, height: 9 } });
    expect([labels(), view().isEdited]).toEqual([['thing 7'], true]);
    expect(job.edits).not.toBeNull();
    viewer.edit(null);
    expect([labels(), view().isEdited]).toEqual([['thing 16', 'thing 2'], false]);
  });
});
