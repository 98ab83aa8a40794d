import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crc32 } from '../../../site/src/save/crc32.js';
import { segmentation as task } from '../../../site/src/tasks/segmentation/task.js';

const SIZE = { width: 3, height: 2 };
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** @param {string} type @param {Uint8Array} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The mask of a picture whose pixels are of class 0, 2, 2 and 0, 2, 1. */
function png({ width, height } = SIZE, { colourType = 3, palette = [0, 0, 0, 1, 1, 1, 2, 2, 2] } = {}) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourType, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.from([0, 0, 2, 2, 0, 0, 2, 1]));
  const chunks = [chunk('IHDR', header), ...(palette ? [chunk('PLTE', Buffer.from(palette))] : [])];
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

const urlOf = (bytes) => `data:image/png;base64,${bytes.toString('base64')}`;
const LABELS = [
  { label: 'sky', class_id: 2, share: 0.5 },
  { label: 'nothing', class_id: 0, share: 0.33 },
  { label: 'tree', class_id: 1, share: 0.17 },
];
const segmentsOf = (changes) => ({ segments: { labels: LABELS, background: 0, mask: urlOf(png()), ...SIZE, ...changes } });
const parse = (changes) => task.parse(segmentsOf(changes), SIZE);
const shownOf = (choice) => task.refine(parse(), { ...task.choice.defaults, ...choice }, null);

describe('segments', () => {
  test('are rows and masks in the same order, without the background', () => {
    const shown = shownOf();
    expect(task.rows(shown)).toMatchObject([{ label: 'sky', figure: '50%', share: 0.5 }, { label: 'tree', figure: '17%' }]);
    expect(task.marks(shown).map(({ name }) => name)).toEqual(['sky 50%', 'tree 17%']);
    expect(task.words(shown)).toMatchObject({ title: '2 kinds found', sentence: 'sky 50%, tree 17%' });
  });

  test('are where their pixels are, once the mask is read', async () => {
    const shown = shownOf();
    const [sky, tree] = task.marks(shown);
    expect(sky.covers({ x: 1.5, y: 0.5 })).toBe(false);
    await shown.classMap.read();
    expect([sky.covers({ x: 1.5, y: 0.5 }), tree.covers({ x: 1.5, y: 0.5 })]).toEqual([true, false]);
    expect(tree.covers({ x: 2.9, y: 1.9 })).toBe(true);
    expect([shown.classMap.at(-0.1, 0), shown.classMap.at(3, 0), shown.classMap.at(0, 2)]).toEqual([null, null, null]);
  });

  test('are hidden by their labels, and as clear as is chosen', () => {
    const shown = shownOf({ hidden: ['sky'], opacity: 0.8 });
    expect(task.marks(shown)).toHaveLength(1);
    expect(task.marks(shown)[0].marks[0]).toMatchObject({ kind: 'mask', opacity: 0.8, box: { x1: 0, y1: 0, x2: 3, y2: 2 } });
    expect(task.words(shownOf({ hidden: ['sky', 'tree'] })).sentence).toBe('All of them are hidden.');
  });

  test('have each a mask that shows no other', () => {
    const [sky] = parse().segments;
    const bytes = Buffer.from(sky.mask.split(',')[1], 'base64');
    const at = bytes.indexOf('tRNS');
    expect([...bytes.subarray(at + 4, at + 7)]).toEqual([0, 0, 255]);
    expect(bytes.readUInt32BE(at - 4)).toBe(3);
    expect(bytes.readUInt32BE(at + 7)).toBe(crc32(bytes.subarray(at, at + 7)));
    expect(bytes.indexOf('PLTE')).toBeLessThan(at);
    expect(bytes.indexOf('IDAT')).toBeGreaterThan(at);
  });

  test('have no masks of their own where the mask has no palette', () => {
    const { segments } = parse({ mask: urlOf(png(SIZE, { colourType: 0, palette: null })) });
    expect(segments.map(({ mask }) => mask)).toEqual(['', '']);
  });

  test.each([
    ['of another size', { mask: urlOf(png({ width: 4, height: 2 })) }],
    ['that is no PNG', { mask: urlOf(Buffer.alloc(64)) }],
    ['that is cut', { mask: urlOf(png().subarray(0, 40)) }],
    ['that is a page', { mask: 'data:text/html;base64,AAAA' }],
    ['of another picture', { width: 4 }],
    ['with a share of 2', { labels: [{ ...LABELS[0], share: 2 }] }],
  ])('with a mask %s are refused', (_, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ kind: 'bad-answer' }));
  });

  test('are kept in the form of the API, and as the mask', async () => {
    const subject = { name: 'sea.jpg', size: SIZE, answer: { model: 'm', result: parse() } };
    const kept = (id) => task.formats.find((format) => format.id === id).make(subject);
    const [json, mask] = [await kept('json'), await kept('mask')];
    expect(JSON.parse(await json.content.text())).toEqual({ name: 'sea.jpg', ...SIZE, model: 'm', ...segmentsOf() });
    expect(mask.name).toBe('sea-mask.png');
    expect(Buffer.from(await mask.content.arrayBuffer())).toEqual(png());
  });
});

describe('a choice', () => {
  const { read, write, defaults } = task.choice;

  test('is written as it is read', () => {
    const values = [['opacity', '0.8'], ['hide', 'sea'], ['hide', 'sky']];
    expect(write(read(new URLSearchParams(values), defaults), defaults)).toEqual(values);
    expect(write(defaults, defaults)).toEqual([]);
  });

  test.each(['opacity=2', 'opacity=-1', 'opacity=x', 'hide='])('does not believe %s', (text) => {
    expect(read(new URLSearchParams(text), defaults)).toEqual(defaults);
  });
});
