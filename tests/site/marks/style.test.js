import { describe, expect, test } from 'vitest';
import { labelsThatFit, layLabels, plateSize, withoutCovered } from '../../../site/src/marks/labels.js';
import { markStyle } from '../../../site/src/marks/style.js';

const at = (x1, y1) => ({ x1, y1, x2: x1 + 10, y2: y1 + 5 });

describe('the style of marks', () => {
  test('is that of the picture that the API draws, at its size', () => {
    // api/tasks/drawing/style.py: side 665 -> text 18, line 2, padding 4
    expect(markStyle({ width: 768, height: 576 })).toEqual({ line: 2, thin: 1, text: 18, padding: 4 });
  });

  test('keeps letters of 12 pixels on a small screen', () => {
    expect(markStyle({ width: 1280, height: 960 }, 4).text).toBe(48);
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

  test('go with their group, and those crowded out to the corner of their box', () => {
    const picture = { width: 100, height: 40 }; // with room for one label
    const style = markStyle(picture);
    const group = (text, box) => ({ name: '', colour: '', box, marks: text ? [{ kind: 'rect', box }, { kind: 'label', text, box }] : [] });
    const box = { x1: 20, y1: 25, x2: 60, y2: 38 };
    const [dog, none, cat] = layLabels([group('dog', box), group('', box), group('cat', box)], style, picture, true);
    const { width, height } = plateSize('dog', style);
    expect(dog).toMatchObject({ text: 'dog', isCrowdedOut: false, place: { x1: 20, x2: 20 + Math.ceil(width) } });
    expect(none).toBeNull();
    expect(cat).toMatchObject({ isCrowdedOut: true, place: { x1: 20, y1: 25 - height } });
    const all = layLabels([group('dog', box), group('cat', box)], style, picture, false);
    expect(all.map((label) => label.isCrowdedOut)).toEqual([false, false]);
  });
});
