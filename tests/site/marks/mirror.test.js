import { expect, test } from 'vitest';
import { mirrored } from '../../../site/src/marks/mirror.js';

const BOX = { x1: 10, y1: 20, x2: 40, y2: 60 };
const GROUP = {
  name: 'dog',
  colour: 'red',
  box: BOX,
  marks: [
    { kind: 'rect', box: BOX },
    { kind: 'polygon', points: [{ x: 10, y: 20 }, { x: 40, y: 60 }] },
    { kind: 'point', at: { x: 12, y: 30 } },
    { kind: 'line', from: { x: 10, y: 20 }, to: { x: 40, y: 60 } },
    { kind: 'mask', url: 'data:', box: { x1: 0, y1: 0, x2: 100, y2: 80 }, opacity: 0.5 },
    { kind: 'label', text: 'dog 90%', box: BOX },
  ],
};

test('turns every kind of mark over, and no letters', () => {
  const [{ box, marks }] = mirrored([GROUP], 100);
  expect(box).toEqual({ x1: 60, y1: 20, x2: 90, y2: 60 });
  expect(marks).toEqual([
    { kind: 'rect', box },
    { kind: 'polygon', points: [{ x: 90, y: 20 }, { x: 60, y: 60 }] },
    { kind: 'point', at: { x: 88, y: 30 } },
    { kind: 'line', from: { x: 90, y: 20 }, to: { x: 60, y: 60 } },
    { kind: 'mask', url: 'data:', box: { x1: 0, y1: 0, x2: 100, y2: 80 }, opacity: 0.5, isMirrored: true },
    { kind: 'label', text: 'dog 90%', box },
  ]);
});

test('is its own inverse', () => {
  const [there] = mirrored(mirrored([GROUP], 100), 100);
  expect(there).toEqual({ ...GROUP, marks: GROUP.marks.map((mark) => (mark.kind === 'mask' ? { ...mark, isMirrored: false } : mark)) });
});

test('leaves what has no place without one', () => {
  expect(mirrored([{ ...GROUP, box: null }], 100)[0].box).toBeNull();
});
