import { describe, expect, test } from 'vitest';
import { boxStyle, labelsThatFit, withoutCovered } from '../../../site/src/marks/style.js';

const at = (x1, y1) => ({ x1, y1, x2: x1 + 10, y2: y1 + 5 });

describe('the style of boxes', () => {
  test('is that of the picture that the API draws, where it is shown at its size', () => {
    // api/tasks/drawing/style.py: side 665 -> text 18, line 2, padding 4
    expect(boxStyle({ width: 768, height: 576 }, 1)).toEqual({ line: 2, thin: 1, text: 18, padding: 4.5 });
  });

  test('keeps letters of 12 pixels on a small screen', () => {
    expect(boxStyle({ width: 1280, height: 960 }, 4).text).toBe(48);
  });
});

describe('labels', () => {
  test('leave most of the picture to be seen', () => {
    const sizes = Array(100).fill({ width: 20, height: 10 });
    expect(labelsThatFit(sizes, { width: 100, height: 100 })).toHaveLength(10);
    expect(labelsThatFit(sizes, { width: 1000, height: 1000 })).toHaveLength(60);
  });

  test('are one at least', () => {
    expect(labelsThatFit([{ width: 90, height: 90 }], { width: 100, height: 100 })).toHaveLength(1);
    expect(labelsThatFit([], { width: 100, height: 100 })).toEqual([]);
  });

  test('never cover each other', () => {
    expect(withoutCovered([at(0, 0), at(5, 2), at(10, 0), at(0, 5)])).toEqual([at(0, 0), null, at(10, 0), at(0, 5)]);
  });
});
