// Detections of a video: identity, movement, tables (site/src/tasks/detection/frames/).

import { describe, expect, test } from 'vitest';
import { between } from '../../../site/src/tasks/detection/frames/between.js';
import { toCocoVideo } from '../../../site/src/tasks/detection/frames/coco-video.js';
import { toCsv } from '../../../site/src/tasks/detection/frames/csv.js';
import { frames } from '../../../site/src/tasks/detection/frames/frames.js';
import { detection as task } from '../../../site/src/tasks/detection/task.js';
import { framesTask } from '../../../site/src/tasks/frames.js';

const SIZE = { width: 100, height: 50 };
const DEFAULTS = task.choice.defaults;

const found = (label, x1, { track, confidence = 0.9, classId = 0 } = {}) => ({
  label, class_id: classId, confidence, box: { x1, y1: 0, x2: x1 + 10, y2: 20 }, ...(track ? { track } : {}),
});
const frameOf = (detections, candidates = detections) =>
  frames.parse({ detections, candidates: candidates.map(({ track, ...rest }) => rest) }, SIZE);
const thing = (label, confidence) => ({ name: `${label} #1`, label, classId: 0, colour: 'red', confidence, fromS: 0, toS: 1 });
const videoTask = (...things) => framesTask({ base: task, own: frames, things, formats: [] });
const moment = (near, other = null, share = 0) => ({ near, other, share, timeS: 1.5 });

describe('a frame', () => {
  test('gives a candidate the track of the detection that it became', () => {
    const { candidates } = frameOf([found('dog', 0, { track: 7 })], [found('dog', 0), found('dog', 30)]);
    expect(candidates.map(({ track }) => track)).toEqual([7, undefined]);
  });

  test.each([{ track: 'one' }, { track: -1 }, { track: 1.5 }])('with $track for a track makes no sense', ({ track }) => {
    expect(() => frameOf([found('dog', 0, { track })])).toThrow();
  });
});

describe('between two frames', () => {
  const shown = { detections: frameOf([found('dog', 0, { track: 7 }), found('cat', 50)]).detections };

  test('a thing is on its way to where it will be', () => {
    const [dog] = between(shown, frameOf([found('dog', 40, { track: 7 })]), 0.25).detections;
    expect(dog.box).toEqual({ x1: 10, y1: 0, x2: 20, y2: 20 });
  });

  const lefts = ({ detections }) => detections.map(({ box }) => box.x1);

  test('what nobody follows goes to the nearly same place of its kind, else stays', () => {
    const other = frameOf([found('dog', 0, { track: 7 }), found('cat', 54)]);
    expect(lefts(between(shown, other, 0.5))).toEqual([0, 52]);
    expect(lefts(between(shown, frameOf([found('dog', 0, { track: 7 }), found('cat', 90)]), 0.5))).toEqual([0, 50]);
    expect(lefts(between(shown, frameOf([found('dog', 0, { track: 7 }), found('dog', 54)]), 0.5))).toEqual([0, 50]);
  });

  test('two that are followed apart are not the same, however near', () => {
    const two = { detections: frameOf([found('dog', 0, { track: 7 }), found('dog', 30, { track: 8 })]).detections };
    expect(lefts(between(two, frameOf([found('dog', 4, { track: 7 }), found('dog', 34, { track: 9 })]), 0.5))).toEqual([2, 30]);
  });

  test.each([[0.2, 2], [0.3, 0]])('of another scene nothing is shown but near its frame: at %d of the way %d boxes', (share, many) => {
    const other = frameOf([found('dog', 1, { track: 12 }), found('cat', 50, { track: 13 })]);
    expect(between(shown, other, share).detections).toHaveLength(many);
  });

  test('an outline, key points and what is outlined in a thing go along', () => {
    const [dog] = shown.detections;
    const marked = { detections: [{ ...dog, polygon: [{ x: 5, y: 10 }], keypoints: [{ name: 'nose', x: 10, y: 20, confidence: 1 }], attributes: [{ outlines: [[{ x: 5, y: 10 }]] }] }] };
    const [moved] = between(marked, frameOf([found('dog', 40, { track: 7 })]), 0.5).detections;
    expect(moved.polygon).toEqual([{ x: 25, y: 10 }]);
    expect(moved.attributes).toEqual([{ outlines: [[{ x: 25, y: 10 }]] }]);
    expect(moved.keypoints).toEqual([{ name: 'nose', x: 30, y: 20, confidence: 1 }]);
  });
});

describe('the task of a video', () => {
  test('counts different things, and names those of the moment by their numbers', () => {
    const { refine, words, rows } = videoTask(thing('dog', 0.9), thing('dog', 0.8), thing('cat', 0.9));
    const shown = refine(moment(frameOf([found('dog', 0, { track: 7 })])), DEFAULTS, null);
    expect(words(shown).title).toBe('3 different objects');
    expect(words(shown).sentence).toBe('dog\u00a0×\u00a02, cat\u00a0×\u00a01. At 0:01.5:');
    expect(rows(shown)[0]).toMatchObject({ label: 'dog #7', figure: '90%' });
  });

  test.each([
    [{ confidence: 0.85 }, 2],
    [{ hidden: ['dog'] }, 1],
  ])('leaves out of the counts what %j leaves out', (change, many) => {
    const { refine } = videoTask(thing('dog', 0.9), thing('dog', 0.8), thing('cat', 0.9));
    expect(refine(moment(frameOf([])), { ...DEFAULTS, ...change }, null).seen.things).toHaveLength(many);
  });

  test('shows a less sure candidate, as a photograph does', () => {
    const near = frameOf([found('dog', 0)], [found('dog', 0), found('cat', 50, { confidence: 0.1, classId: 1 })]);
    const { refine, marks } = videoTask();
    expect(marks(refine(moment(near), DEFAULTS, null))).toHaveLength(1);
    expect(marks(refine(moment(near), { ...DEFAULTS, confidence: 0.05 }, null))).toHaveLength(2);
  });

  test('offers no blur, which would lag behind what moves', () => {
    const shown = videoTask().refine(moment(frameOf([found('face', 0)])), { ...DEFAULTS, blurred: ['face'] }, null);
    expect(shown).toMatchObject({ blurrable: [], blurred: [], covered: [] });
  });

  test('offers the same kinds at each moment, by how many different things they have', () => {
    const { refine } = videoTask(thing('dog', 0.9), thing('dog', 0.3), thing('cat', 0.9));
    const { classes, hasChips } = refine(moment(frameOf([])), { ...DEFAULTS, confidence: 0.5, hidden: ['cat'] }, null);
    expect(classes.map(({ label, many, hidden }) => [label, many, hidden])).toEqual([['dog', 1, false], ['cat', 1, true]]);
    expect(hasChips).toBe(true);
  });

  test('has nothing to edit', () => {
    expect(videoTask().edit).toBeUndefined();
  });
});

const SAVED = [
  { timeS: 0, shown: frameOf([found('dog, big', 0, { track: 2 }), found('=1+1', 30, { classId: 4 })]) },
  { timeS: 0.2, shown: frameOf([]) },
  { timeS: 0.4, shown: frameOf([found('dog, big', 5.1234, { track: 2, confidence: 0.5 })]) },
];

test('a table has a row for each thing in each frame', () => {
  expect(toCsv(SAVED).split('\r\n')).toEqual([
    'time_s,frame,track,label,confidence,x1,y1,x2,y2',
    '0,0,2,"dog, big",0.9,0,0,10,20',
    "0,0,,'=1+1,0.9,30,0,40,20",
    '0.4,2,2,"dog, big",0.5,5.123,0,15.123,20',
    '',
  ]);
});

test('COCO for videos has videos, images, tracks and annotations that belong together', () => {
  const { videos, images, tracks, annotations, categories } = JSON.parse(toCocoVideo({ name: 'a.mp4', size: SIZE }, SAVED, ['dog, big']));
  expect(videos).toEqual([{ id: 1, name: 'a.mp4', ...SIZE }]);
  expect(images.map(({ id, video_id: video, frame_index: index, file_name: name }) => [id, video, index, name])).toEqual([
    [1, 1, 0, '00000.jpg'], [2, 1, 1, '00001.jpg'], [3, 1, 2, '00002.jpg'],
  ]);
  expect(tracks).toEqual([{ id: 2, video_id: 1, category_id: 1 }]);
  expect(annotations.map(({ image_id: image, track_id: track, category_id: category, bbox }) => [image, track, category, bbox])).toEqual([
    [1, 2, 1, [0, 0, 10, 20]], [1, undefined, 5, [30, 0, 10, 20]], [3, 2, 1, [5.123, 0, 10, 20]],
  ]);
  expect(categories).toEqual([{ id: 1, name: 'dog, big', supercategory: '' }, { id: 5, name: '=1+1', supercategory: '' }]);
});
