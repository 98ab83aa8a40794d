import { afterEach, describe, expect, test } from 'vitest';
import { angleOf, isWithin, placeOf } from '../../../site/src/tasks/reading/place.js';
import { toHocr } from '../../../site/src/tasks/reading/formats/hocr.js';
import { frames } from '../../../site/src/tasks/reading/frames.js';
import { reading as task } from '../../../site/src/tasks/reading/task.js';
import { framesTask } from '../../../site/src/tasks/frames.js';
import { speak } from '../../../site/src/texts/texts.js';

const SIZE = { width: 200, height: 100 };
const lying = (text, y, confidence = 0.9) => ({ text, confidence, polygon: [[10, y], [110, y], [110, y + 20], [10, y + 20]] });
const LINES = [lying('Straße 7', 0, 0.98), lying('CAFÉ Central', 30, 0.7), lying('No  exit', 60, 0.55)];
const parse = (lines = LINES, more = {}) => task.parse({ lines, ...more }, SIZE);
const shownOf = (choice, result = parse()) => task.refine(result, { ...task.choice.defaults, ...choice }, null);
const corners = (...points) => points.map(([x, y]) => ({ x, y }));
const DOWNWARDS = corners([60, 10], [60, 90], [40, 90], [40, 10]); // its letters' tops to the right

afterEach(() => speak('en'));

describe('lines', () => {
  test('are rows and marks in the same order, and words', () => {
    const shown = shownOf();
    expect(task.rows(shown)).toMatchObject([{ label: 'Straße 7', figure: '98%', share: 0.98 }, { label: 'CAFÉ Central' }, { label: 'No  exit' }]);
    expect(task.marks(shown).map(({ name }) => name)).toEqual(['Straße 7, line 1', 'CAFÉ Central, line 2', 'No  exit, line 3']);
    expect(task.words(shown)).toMatchObject({ title: '3 lines read', alt: 'Your photo; it reads: Straße 7 CAFÉ Central No  exit' });
  });

  test('are as sure as is chosen', () => {
    expect(task.rows(shownOf({ confidence: 0.6 }))).toHaveLength(2);
    expect(task.words(shownOf({ confidence: 0.99 })).sentence).toMatch(/Lower the confidence/);
    expect(task.words(shownOf({}, parse([])))).toMatchObject({ title: 'No text found', sentence: expect.stringContaining('Nothing is written') });
  });

  test.each([
    ['cafe', ['CAFÉ Central']],
    ['NO EXIT', ['No  exit']],
    ['e', ['Straße 7', 'CAFÉ Central', 'No  exit']],
    ['7 ', ['Straße 7']],
    ['violin', []],
  ])('are found by "%s", and all of them stay to be copied', async (find, found) => {
    const shown = shownOf({ find });
    expect(task.rows(shown).map(({ label }) => label)).toEqual(found);
    expect(task.marks(shown)).toHaveLength(found.length);
    expect(shown.lines).toHaveLength(3);
    expect(task.words(shown).sentence).toContain(found.length > 0 ? `In ${found.length} of 3 lines` : 'Not in these 3 lines');
    const copy = task.formats.find(({ id }) => id === 'copy-text');
    expect(await copy.copied({ shown })).toBe('Straße 7\nCAFÉ Central\nNo  exit');
  });

  test('stay the same list while only what is looked for changes, so that a selection stays', () => {
    const result = parse();
    const before = shownOf({ confidence: 0.6 }, result);
    expect(shownOf({ confidence: 0.6, find: 'a' }, result).lines).toBe(before.lines);
  });

  test.each([
    undefined,
    [{ ...LINES[0], text: 7 }],
    [{ ...LINES[0], confidence: 2 }],
    [{ ...LINES[0], polygon: [[0, 0], [1, 0], [1, 1]] }],
    [{ ...LINES[0], polygon: [[0, 0], [1, 0], [1, 1], ['0', 1]] }],
    [{ ...LINES[0], text: 'a'.repeat(10_001) }],
  ])('are refused when they are not as promised: %#', (lines) => {
    expect(() => task.parse({ lines }, SIZE)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });

  test('of a frame are what a timeline shows', () => {
    expect(frames.glance({ lines: LINES }).map(({ label, share }) => [label, share])[0]).toEqual(['Straße 7', 0.98]);
  });

  test('of a video are those of the nearest frame, the same list as long as it is that frame', () => {
    const { refine, rows, marks } = framesTask({ base: task, own: frames, things: [], formats: [] });
    const near = parse();
    const at = (timeS) => refine({ near, other: parse([]), share: 0.1, timeS }, task.choice.defaults, null);
    expect([rows(at(0)).length, marks(at(0)).length]).toEqual([3, 3]);
    expect(at(0.1).lines).toBe(at(0).lines);
  });

  test('are not there where a gate said no, and the reason stands in their place', () => {
    const stopped = { by: 'mobilenet_v2', reason: 'This does not look like a street.' };
    const { title, sentence } = task.words(shownOf({}, parse([], { stopped })));
    expect([title, sentence]).toEqual([stopped.reason, expect.stringContaining('mobilenet_v2 looked first')]);
  });
});

describe('a choice', () => {
  const { read, write, defaults, told } = task.choice;

  test('is written as it is read, and begins with what the server answers', () => {
    const values = [['text_confidence', '0.8'], ['find', 'exit & more']];
    expect(write(read(new URLSearchParams(values), defaults), defaults)).toEqual(values);
    expect(told({ text_confidence: 0.3 })).toEqual({ confidence: 0.3, find: '', answered: 0.3 });
    expect(told({ text_confidence: 'high' })).toEqual(defaults);
  });

  test.each(['text_confidence=2', 'text_confidence=x', 'find=', 'confidence=0.9'])('does not believe %s', (text) => {
    expect(read(new URLSearchParams(text), defaults)).toEqual(defaults);
  });
});

describe('the place of a line', () => {
  test('is the parallelogram nearest to its corners', () => {
    expect(placeOf(corners([0, 0], [100, 0], [100, 20], [0, 20]))).toEqual({ start: { x: 0, y: 0 }, along: { x: 100, y: 0 }, down: { x: 0, y: 20 } });
    expect(placeOf(DOWNWARDS)).toEqual({ start: { x: 60, y: 10 }, along: { x: 0, y: 80 }, down: { x: -20, y: 0 } });
  });

  test('has points in it, and beside it', () => {
    const slanted = corners([0, 0], [100, 100], [90, 110], [-10, 10]);
    expect([isWithin(slanted, { x: 45, y: 55 }), isWithin(slanted, { x: 90, y: 10 }), isWithin(DOWNWARDS, { x: 50, y: 50 })]).toEqual([true, false, true]);
  });

  test.each([
    ['lying', corners([0, 0], [9, 0], [9, 3], [0, 3]), 0],
    ['read downwards', DOWNWARDS, -90],
    ['read upwards', corners([40, 90], [40, 10], [60, 10], [60, 90]), 90],
  ])('of a line that is %s is turned by its angle', (_, polygon, angle) => {
    expect(angleOf(polygon)).toBeCloseTo(angle);
  });
});

describe('kept lines', () => {
  const subject = (shown = shownOf(), answer = { model: 'read', result: parse() }) => ({
    name: 'street.jpg', size: SIZE, answer, shown, originalSize: async () => ({ width: 400, height: 200 }),
  });
  const kept = (id) => task.formats.find((format) => format.id === id).make(subject());

  test('are text, a line each', async () => {
    const { name, content } = await kept('text');
    expect([name, await content.text()]).toEqual(['street-text.txt', 'Straße 7\nCAFÉ Central\nNo  exit\n']);
  });

  test('are in the form of the API', async () => {
    const { name, content } = await kept('lines');
    expect(name).toBe('street-lines.json');
    expect(JSON.parse(await content.text())).toEqual({ name: 'street.jpg', ...SIZE, model: 'read', lines: LINES });
  });

  test('are hOCR in pixels of the original', async () => {
    const { name, content } = await kept('hocr');
    const html = await content.text();
    expect(name).toBe('street-hocr.html');
    expect(html).toContain('title="image &#34;street.jpg&#34;; bbox 0 0 400 200; ppageno 0"');
    expect(html).toContain('<span class="ocr_line" id="line_1_1" lang="und" title="bbox 20 0 220 40; x_wconf 98">Straße 7</span>');
    expect(html).not.toContain('poly ');
  });

  test('have an outline and an angle in hOCR where they are turned', () => {
    const html = toHocr({ name: 'a.jpg', size: SIZE, model: 'read' }, [{ text: 'DOWN', confidence: 0.5, polygon: DOWNWARDS }]);
    expect(html).toContain('title="bbox 40 10 60 90; poly 60 10 60 90 40 90 40 10; textangle -90; x_wconf 50"');
  });

  test('stay text in hOCR, whatever they say', () => {
    const polygon = corners([-5, -5], [500, -5], [500, 20], [-5, 20]);
    const html = toHocr({ name: 'a";b<.jpg', size: SIZE, model: '<b>' }, [{ text: '<script>"&\u0000', confidence: 1, polygon }]);
    expect(html).toContain('>&#60;script&#62;&#34;&#38;</span>');
    expect(html).toContain('image &#34;a&#39;,b&#60;.jpg&#34;;');
    expect(html).toContain('bbox 0 0 200 20;');
    expect(html).not.toMatch(/<script|<b>/);
  });
});
