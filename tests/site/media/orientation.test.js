import { describe, expect, test } from 'vitest';
import { readOrientation, uprightMatrix, uprightSize } from '../../../site/src/media/orientation.js';
import { tiff } from './image-files.js';

const TAGS = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * Where EXIF 2.32 says that the first stored row and column are in the upright picture.
 *
 * @type {Record<number, [row: string, column: string]>}
 */
const FIRST_ROW_AND_COLUMN = {
  1: ['top', 'left'],
  2: ['top', 'right'],
  3: ['bottom', 'right'],
  4: ['bottom', 'left'],
  5: ['left', 'top'],
  6: ['right', 'top'],
  7: ['right', 'bottom'],
  8: ['left', 'bottom'],
};

describe('readOrientation', () => {
  test.each(TAGS)('reads tag %i in either byte order', (tag) => {
    expect(readOrientation(tiff(tag))).toBe(tag);
    expect(readOrientation(tiff(tag, { bigEndian: true }))).toBe(tag);
  });

  test.each([0, 9, 65535])('takes the impossible value %i for none', (tag) => {
    expect(readOrientation(tiff(tag))).toBe(1);
  });

  test('takes a missing or damaged block for none', () => {
    expect(readOrientation(null)).toBe(1);
    expect(readOrientation(new Uint8Array())).toBe(1);
    expect(readOrientation(tiff(6).subarray(0, 12))).toBe(1);
    expect(readOrientation(new Uint8Array(100).fill(255))).toBe(1);
  });

  test('reads the tag among others, wherever the directory is', () => {
    const view = new DataView(new ArrayBuffer(70));
    view.setUint16(0, 0x4949);
    view.setUint16(2, 42, true);
    view.setUint32(4, 32, true);
    view.setUint16(32, 3, true);
    [0x010f, 0x0112, 0x0112].forEach((tag, entry) => view.setUint16(34 + 12 * entry, tag, true));
    [2, 4, 3].forEach((type, entry) => view.setUint16(36 + 12 * entry, type, true)); // a text, a LONG, a SHORT
    [9, 9, 5].forEach((value, entry) => view.setUint16(42 + 12 * entry, value, true));
    expect(readOrientation(new Uint8Array(view.buffer))).toBe(5);
  });

  test.each([0, 25, 0xffffffff])('takes a directory at %i, outside or half outside of the block, for none', (at) => {
    const bytes = tiff(6);
    new DataView(bytes.buffer).setUint32(4, at, true);
    expect(readOrientation(bytes)).toBe(1);
  });

  test('reads the tag of a block longer than a JPEG segment', () => {
    const long = new Uint8Array(200_000);
    long.set(tiff(8));
    expect(readOrientation(long)).toBe(8);
  });
});

describe('uprightMatrix', () => {
  const stored = { width: 40, height: 30 };

  /** @param {number} tag @param {number} x @param {number} y */
  function place(tag, x, y) {
    const [a, b, c, d, e, f] = uprightMatrix(tag, stored);
    return { x: a * x + c * y + e, y: b * x + d * y + f };
  }

  /** @param {number} tag @param {{x: number, y: number}} point */
  function sideOf(tag, { x, y }) {
    const { width, height } = uprightSize(stored, tag);
    if (y === 0) return 'top';
    if (y === height) return 'bottom';
    if (x === 0) return 'left';
    if (x === width) return 'right';
    return 'inside';
  }

  test.each(TAGS)('puts the first row and column of tag %i where the standard says', (tag) => {
    const middleOfFirstRow = place(tag, stored.width / 2, 0);
    const middleOfFirstColumn = place(tag, 0, stored.height / 2);
    expect([sideOf(tag, middleOfFirstRow), sideOf(tag, middleOfFirstColumn)]).toEqual(FIRST_ROW_AND_COLUMN[tag]);
  });

  test.each(TAGS)('fills the upright picture of tag %i exactly', (tag) => {
    const { width, height } = uprightSize(stored, tag);
    const corners = [place(tag, 0, 0), place(tag, 40, 0), place(tag, 0, 30), place(tag, 40, 30)];
    expect(Math.min(...corners.map(({ x }) => x))).toBe(0);
    expect(Math.min(...corners.map(({ y }) => y))).toBe(0);
    expect(Math.max(...corners.map(({ x }) => x))).toBe(width);
    expect(Math.max(...corners.map(({ y }) => y))).toBe(height);
  });
});

test.each(TAGS)('tag %i swaps the sides only when it turns by a quarter', (tag) => {
  const swapped = { width: 30, height: 40 };
  expect(uprightSize({ width: 40, height: 30 }, tag)).toEqual(tag >= 5 ? swapped : { width: 40, height: 30 });
});
