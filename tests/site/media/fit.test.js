import { expect, test } from 'vitest';
import { fitWithin } from '../../../site/src/media/fit.js';

test.each([
  ['a 12-megapixel landscape', [4032, 3024], [1280, 960]],
  ['a portrait', [3024, 4032], [960, 1280]],
  ['one that fits exactly', [1280, 720], [1280, 720]],
  ['one that is a pixel too wide', [1281, 1281], [1280, 1280]],
  ['a small one, which is not enlarged', [64, 32], [64, 32]],
  ['a hair line, whose side does not vanish', [10000, 1], [1280, 1]],
  ['a single pixel', [1, 1], [1, 1]],
])('fits %s', (_, [width, height], [fittedWidth, fittedHeight]) => {
  expect(fitWithin({ width, height }, 1280)).toEqual({ width: fittedWidth, height: fittedHeight });
});

test('never exceeds the limit and keeps the shape', () => {
  for (let width = 1; width < 6000; width += 97) {
    for (let height = 1; height < 6000; height += 89) {
      const fitted = fitWithin({ width, height }, 1280);
      expect(Math.max(fitted.width, fitted.height)).toBeLessThanOrEqual(1280);
      const scale = Math.max(fitted.width, fitted.height) / Math.max(width, height);
      expect(Math.abs(fitted.width - width * scale)).toBeLessThanOrEqual(1);
      expect(Math.abs(fitted.height - height * scale)).toBeLessThanOrEqual(1);
    }
  }
});
