import { expect, test } from 'vitest';
import { createFigures } from '../../../../site/src/app/live/figures.js';

const painted = (at, parts = { inference: 40 }) => ({ at, delayMs: 80, parts });

test('tells nothing of a single frame', () => {
  const figures = createFigures();
  figures.add(painted(0));
  expect(figures.now()).toBeNull();
});

test('tells the rate and the means of the last three seconds', () => {
  const figures = createFigures();
  figures.add(painted(0, { inference: 9000 }));
  for (const at of [4000, 4100, 4200, 4300, 4400]) figures.add(painted(at, { inference: 40, paint: at === 4000 ? 5 : 0 }));
  expect(figures.now()).toEqual({ rate: 10, delayMs: 80, parts: { inference: 40, paint: 1 } });
});

test('keeps no more than that', () => {
  const figures = createFigures();
  for (let at = 0; at < 60_000; at += 1000) figures.add(painted(at));
  expect(figures.now()?.rate).toBe(1);
});

test('forgets what was before a pause', () => {
  const figures = createFigures();
  figures.add(painted(0));
  figures.add(painted(100));
  figures.forget();
  expect(figures.now()).toBeNull();
});
