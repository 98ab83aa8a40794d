// What further models say of single things, and a chain that went no further.

import { describe, expect, test } from 'vitest';
import { classification } from '../../../site/src/tasks/classification/task.js';
import { toCocoVideo } from '../../../site/src/tasks/detection/frames/coco-video.js';
import { toCsv as toVideoCsv } from '../../../site/src/tasks/detection/frames/csv.js';
import { frames } from '../../../site/src/tasks/detection/frames/frames.js';
import { detection as task } from '../../../site/src/tasks/detection/task.js';

const SIZE = { width: 100, height: 50 };
const POLYGON = [[2, 2], [8, 2], [8, 6], [2, 6]];
const READ = { task: 'reading', model: 'read', text: 'B-MA 1234', lines: [{ text: 'B-MA 1234', confidence: 0.9, polygon: POLYGON }] };
const KIND = { task: 'classification', model: 'mobilenet_v2', text: 'sports car', classes: [{ label: 'sports car', class_id: 817, confidence: 0.8 }] };
const FACE = { label: 'face', class_id: 0, confidence: 0.9, box: { x1: 41, y1: 1, x2: 44, y2: 4 } };
const FACES = { task: 'detection', model: 'faces', text: '2 x face', detections: [FACE, FACE] };
const found = (label, x1, attributes, confidence = 0.9) => ({
  label, class_id: label.length, confidence, box: { x1, y1: 0, x2: x1 + 10, y2: 20 }, ...(attributes ? { attributes } : {}),
});
const CAR = found('car', 0, { text: READ, kind: KIND });
const PERSON = found('person', 40, { faces: FACES }, 0.8);
const SIGN = found('stop sign', 60, { text: { ...READ, text: '', lines: [] } }, 0.7);
const ALL = [CAR, PERSON, SIGN];
const bare = ({ attributes, ...rest }) => rest;

const parse = (detections = ALL, more = {}) => task.parse({ detections, ...more }, SIZE);
const shownOf = (choice, result = parse()) => task.refine(result, { ...task.choice.defaults, ...choice }, null);
const kept = async (id, shown = shownOf()) => {
  const answer = { model: 'street', result: parse() };
  const subject = { name: 'a.jpg', size: SIZE, answer, shown, choice: task.choice.defaults, labels: async () => [], originalSize: async () => ({ width: 200, height: 100 }) };
  const { content } = await task.formats.find((format) => format.id === id).make(subject);
  return content.text();
};

describe('attributes', () => {
  test('are a second line of a row, where they say anything', () => {
    expect(task.rows(shownOf()).map(({ note }) => note)).toEqual(['text: B-MA 1234 · kind: sports car 80%', 'faces: face × 2', undefined]);
  });

  test('stand in the label, in short, and are outlined in the picture', () => {
    const [car, person, sign] = task.marks(shownOf());
    expect(car.marks.find(({ kind }) => kind === 'label').text).toBe('car 90% · B-MA 1234, sports car');
    expect(car.marks.filter(({ kind }) => kind === 'polygon')).toMatchObject([{ isHollow: true, points: [{ x: 2, y: 2 }, {}, {}, {}] }]);
    expect(person.marks.filter(({ kind }) => kind === 'polygon')).toHaveLength(2);
    expect(sign.marks.find(({ kind }) => kind === 'label').text).toBe('stop sign 70%');
    const long = parse([found('car', 0, { text: { ...READ, text: 'a'.repeat(500) } })]);
    expect(task.marks(shownOf({}, long))[0].marks.at(-1).text).toBe(`car 90% · ${'a'.repeat(40)}…`);
  });

  test.each([
    ['b-ma', ['car']],
    ['sports', ['car']],
    ['FACE', ['person']],
    ['stop', ['stop sign']],
    ['violin', []],
  ])('are found by "%s"', (find, labels) => {
    const shown = shownOf({ find });
    expect(shown.detections.map(({ label }) => label)).toEqual(labels);
    expect(task.words(shown).spoken).toContain(`3 objects found, ${3 - labels.length} hidden`);
  });

  test('are offered to be searched only where there are some', () => {
    expect([shownOf().hasAttributes, shownOf({}, parse(ALL.map(bare))).hasAttributes]).toEqual([true, false]);
  });

  test('go with the candidate that their detection came of', () => {
    const result = parse(ALL, { candidates: [...ALL.map(bare), found('car', 80, undefined, 0.1)] });
    expect(task.rows(shownOf({ confidence: 0.05 }, result)).map(({ note }) => Boolean(note))).toEqual([true, true, false, false]);
    const video = frames.parse({ detections: [{ ...CAR, track: 7 }], candidates: [bare(CAR)] }, SIZE);
    expect(video.candidates[0]).toMatchObject({ track: 7, attributes: [{ name: 'text' }, { name: 'kind' }] });
  });

  test('of what nobody may see are neither seen nor kept', async () => {
    const shown = shownOf({ blurred: ['car'] });
    expect(JSON.stringify([task.marks(shown), task.rows(shown)])).not.toContain('B-MA');
    for (const id of ['json', 'coco', 'csv']) expect(await kept(id, shown)).not.toContain('B-MA');
    expect(shownOf({ blurred: ['car'] }, shown.result).detections[0]).toBe(shown.detections[0]);
  });

  test.each([
    [7],
    [{ text: 7 }],
    [{ text: { text: 7 } }],
    [{ text: { lines: [{ polygon: [[0, 'x']] }] } }],
    [{ kind: { classes: [{ label: 'car', class_id: 1, confidence: 7 }] } }],
    [Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`a${index}`, READ]))],
  ])('are refused when they are not as promised: %#', (attributes) => {
    expect(() => parse([found('car', 0, attributes)])).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });

  test('of a task that the page does not know are passed over, and kept', async () => {
    const shown = shownOf({}, parse([found('car', 0, { depth: { task: 'depth', model: 'm', metres: 3 } })]));
    expect(task.rows(shown)[0].note).toBeUndefined();
    expect(JSON.parse(await kept('json', shown)).detections[0].attributes).toEqual({ depth: { task: 'depth', model: 'm', metres: 3 } });
  });
});

describe('kept attributes', () => {
  test('are as the API answers in JSON', async () => {
    const { detections } = JSON.parse(await kept('json'));
    expect(detections.map(({ attributes }) => attributes)).toEqual([{ text: READ, kind: KIND }, { faces: FACES }, SIGN.attributes]);
  });

  test('are a text for each name in COCO', async () => {
    const { annotations } = JSON.parse(await kept('coco'));
    expect(annotations.map(({ attributes }) => attributes)).toEqual([{ text: 'B-MA 1234', kind: 'sports car' }, { faces: '2 x face' }, { text: '' }]);
  });

  test('have a column for each name in a table', async () => {
    expect((await kept('csv')).split('\r\n')).toEqual([
      'label,confidence,x1,y1,x2,y2,faces,kind,text',
      'car,0.9,0,0,20,40,,sports car,B-MA 1234',
      'person,0.8,80,0,100,40,2 x face,,',
      'stop sign,0.7,120,0,140,40,,,',
      '',
    ]);
  });

  test('of a thing that is followed through a video are in its name, and found', () => {
    const track = { id: 3, label: 'car', class_id: 2, confidence: 0.9, from_s: 0, to_s: 1, attributes: { text: 'B-MA 1234', kind: '' } };
    const [thing] = frames.things({ tracks: [track] });
    expect(thing.name).toBe('car #3 · B-MA 1234');
    const isSeen = (find) => frames.isSeen(thing, { ...task.choice.defaults, find });
    expect(['b-ma', '', 'car', 'violin'].map(isSeen)).toEqual([true, true, true, false]);
  });

  test('of a video are in its table and in COCO’s form', () => {
    const at = [{ timeS: 0.5, shown: shownOf() }];
    expect(toVideoCsv(at).split('\r\n')[1]).toBe('0.5,0,,car,0.9,0,0,10,20,,sports car,B-MA 1234');
    expect(JSON.parse(toCocoVideo({ name: 'a', size: SIZE }, at)).annotations[1].attributes).toEqual({ faces: '2 x face' });
  });
});

describe('a gate’s no', () => {
  const stopped = { by: 'mobilenet_v2', reason: 'This does not look like a street.' };

  test('is said in its own words in the place of "nothing found"', () => {
    const { title, sentence, alt, spoken } = task.words(shownOf({}, parse([], { stopped })));
    expect(title).toBe(stopped.reason);
    expect(sentence).toBe('mobilenet_v2 looked first and said no, so nothing else was looked for.');
    expect(spoken).toBe(`${title} ${sentence}`);
    expect(alt).toContain(stopped.reason);
  });

  test('without a reason is still no mere "nothing"', () => {
    expect(task.words(shownOf({}, parse([], { stopped: { by: 'm', reason: '' } }))).title).toBe('Nothing was looked for');
  });

  test('is said of labels, too', () => {
    const result = classification.parse({ classes: [], stopped }, SIZE);
    expect(classification.words(classification.refine(result, classification.choice.defaults, null)).title).toBe(stopped.reason);
  });

  test.each([[7], [{}], [{ by: 'm' }], [{ by: 1, reason: 'no' }]])('is refused when it is not as promised: %j', (value) => {
    expect(() => parse([], { stopped: value })).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });
});
