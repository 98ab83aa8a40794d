import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { example, thumbnail } from '../../../site/build/thumbnails.js';
import { bytesOf, join, tiff } from '../media/image-files.js';

/** Dark, but for a bright corner at the top left of the stored pixels. */
function photo({ width, height, orientation }) {
  const data = new Uint8Array(width * height * 4).fill(20);
  for (let y = 0; y < height / 2; y += 1) {
    data.fill(230, y * width * 4, (y * width + width / 2) * 4);
  }
  const whole = jpeg.encode({ width, height, data }, 95).data;
  const block = join(bytesOf('Exif\0\0'), tiff(orientation));
  return join(whole.subarray(0, 2), [0xff, 0xe1, 0, block.length + 2], block, whole.subarray(2));
}

/** @param {Uint8Array} bytes */
function brightCorner(bytes) {
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true });
  const at = (x, y) => data[(Math.floor(y * height) * width + Math.floor(x * width)) * 4];
  const corners = { 'top left': at(0.25, 0.25), 'top right': at(0.75, 0.25), 'bottom left': at(0.25, 0.75), 'bottom right': at(0.75, 0.75) };
  return Object.keys(corners).filter((corner) => corners[corner] > 128);
}

describe('a thumbnail', () => {
  test('is small and keeps the shape', async () => {
    const small = jpeg.decode(await thumbnail(photo({ width: 1200, height: 800, orientation: 1 })));
    expect([small.width, small.height]).toEqual([240, 160]);
  });

  test('of a small photo is no larger than it', async () => {
    const small = jpeg.decode(await thumbnail(photo({ width: 64, height: 32, orientation: 1 })));
    expect([small.width, small.height]).toEqual([64, 32]);
  });

  test.each([
    [1, 'top left', [64, 32]],
    [2, 'top right', [64, 32]],
    [3, 'bottom right', [64, 32]],
    [4, 'bottom left', [64, 32]],
    [5, 'top left', [32, 64]],
    [6, 'top right', [32, 64]],
    [7, 'bottom right', [32, 64]],
    [8, 'bottom left', [32, 64]],
  ])('of a photo with tag %i is upright', async (orientation, corner, size) => {
    const small = await thumbnail(photo({ width: 64, height: 32, orientation }));
    expect(brightCorner(small)).toEqual([corner]);
    const { width, height } = jpeg.decode(small);
    expect([width, height]).toEqual(size);
  });
});

describe('an example', () => {
  test('that is small stays as it is, metadata and all', async () => {
    const small = photo({ width: 64, height: 32, orientation: 6 });
    expect(await example(small)).toBe(small);
  });

  test('that is large becomes a copy of what the page would send', async () => {
    const whole = photo({ width: 1400, height: 100, orientation: 6 });
    const metadata = join([0xff, 0xed, 0xff, 0xff], new Uint8Array(65_533)); // APP13, as long as one can be
    const large = join(whole.subarray(0, 2), ...Array(4).fill(metadata), whole.subarray(2));
    expect(large.length).toBeGreaterThan(250_000);
    const copy = await example(large);
    expect(copy.length).toBeLessThanOrEqual(250_000);
    expect(jpeg.decode(copy)).toMatchObject({ width: 91, height: 1280 });
  });
});
