import { describe, expect, test } from 'vitest';
import { moved, SCALE_MAX, WHOLE, zoomed } from '../../../site/src/view/zoom.js';

const FRAME = { width: 400, height: 300 };

/** Where a point of the frame lies in the picture, in shares of it. */
const under = ({ scale, x, y }, at) => [(at.x - x) / scale, (at.y - y) / scale];

describe('coming nearer', () => {
  test.each([
    [100, 50],
    [0, 0],
    [399, 299],
  ])('keeps what is at %i, %i in its place', (x, y) => {
    const at = { x, y };
    const near = zoomed(zoomed(WHOLE, 2, at, FRAME), 1.7, at, FRAME);
    expect(near.scale).toBeCloseTo(3.4);
    expect(under(near, at)[0]).toBeCloseTo(x);
    expect(under(near, at)[1]).toBeCloseTo(y);
  });

  test('ends somewhere', () => {
    expect(zoomed(WHOLE, 1000, { x: 0, y: 0 }, FRAME).scale).toBe(SCALE_MAX);
  });

  test('and going back ends at the whole picture', () => {
    const near = zoomed(WHOLE, 3, { x: 380, y: 10 }, FRAME);
    expect(zoomed(near, 1 / 3, { x: 10, y: 290 }, FRAME)).toBe(WHOLE);
    expect(zoomed(WHOLE, 0.5, { x: 10, y: 290 }, FRAME)).toBe(WHOLE);
  });
});

describe('moving', () => {
  const near = zoomed(WHOLE, 2, { x: 200, y: 150 }, FRAME);

  test('follows the hand', () => {
    expect(moved(near, { x: 30, y: -20 }, FRAME)).toEqual({ scale: 2, x: near.x + 30, y: near.y - 20 });
  });

  test('never shows what is beside the picture', () => {
    expect(moved(near, { x: 1e4, y: 1e4 }, FRAME)).toEqual({ scale: 2, x: 0, y: 0 });
    expect(moved(near, { x: -1e4, y: -1e4 }, FRAME)).toEqual({ scale: 2, x: -400, y: -300 });
  });

  test('does nothing to the whole picture', () => {
    expect(moved(WHOLE, { x: 5, y: 5 }, FRAME)).toBe(WHOLE);
  });
});
