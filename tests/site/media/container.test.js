import { describe, expect, test } from 'vitest';
import { applyEdits, readContainer } from '../../../site/src/media/container.js';
import { bytesOf, jpeg, join, png, tiff, webp } from './image-files.js';

const MAKERS = { jpeg, png, webp };
const FORMATS = Object.keys(MAKERS);

const read = (bytes, format) => readContainer(new Blob([bytes]), format);

describe.each(FORMATS)('readContainer of a %s', (format) => {
  const make = MAKERS[format];

  test('finds the stored size', async () => {
    const { width, height } = await read(make({ width: 4032, height: 3024 }), format);
    expect([width, height]).toEqual([4032, 3024]);
  });

  test('finds size and EXIF block', async () => {
    const block = tiff(6);
    const { width, height, exif } = await read(make({ width: 641, height: 480, exif: block }), format);
    expect([width, height]).toEqual([641, 480]);
    expect(exif).toEqual(block);
  });

  test('has nothing to take out of a file without EXIF', async () => {
    const { exif, edits } = await read(make({ width: 9, height: 7 }), format);
    expect(exif).toBeNull();
    expect(edits).toEqual([]);
  });

  test('takes the EXIF block out and leaves the rest readable', async () => {
    const file = new Blob([make({ width: 641, height: 480, exif: tiff(6) })], { type: `image/${format}` });
    const bare = await applyEdits(file, (await readContainer(file, format)).edits);
    expect(bare.type).toBe(`image/${format}`);
    const { width, height, exif } = await readContainer(bare, format);
    expect([width, height, exif]).toEqual([641, 480, null]);
  });

  test('survives being cut off anywhere', async () => {
    const whole = make({ width: 641, height: 480, exif: tiff(6) });
    for (let length = 0; length < whole.length; length += 1) {
      await expect(read(whole.subarray(0, length), format)).resolves.toHaveProperty('edits');
    }
  });
});

test('a JPEG without its EXIF segment is the one that never had it', async () => {
  const file = new Blob([jpeg({ width: 5, height: 4, exif: tiff(3) })]);
  const bare = await applyEdits(file, (await readContainer(file, 'jpeg')).edits);
  expect(new Uint8Array(await bare.arrayBuffer())).toEqual(jpeg({ width: 5, height: 4 }));
});

test('a JPEG segment of XMP, which has the same marker, stays', async () => {
  const xmp = bytesOf('http://ns.adobe.com/xap/1.0/\0<x/>');
  const before = join([0xff, 0xe1, 0, xmp.length + 2], xmp);
  const { exif, edits } = await read(jpeg({ width: 5, height: 4, exif: tiff(8), before }), 'jpeg');
  expect(exif).toEqual(tiff(8));
  expect(edits).toHaveLength(1);
});

test('a WebP keeps its length and loses the flag that announces EXIF', async () => {
  const whole = webp({ width: 6, height: 5, exif: tiff(5) });
  const file = new Blob([whole]);
  const bare = new Uint8Array(await (await applyEdits(file, (await readContainer(file, 'webp')).edits)).arrayBuffer());
  expect(bare.length).toBe(whole.length);
  expect([whole[20], bare[20]]).toEqual([0x08, 0]);
});

test('a WebP block with the signature of JPEG is read without it', async () => {
  const { exif } = await read(webp({ width: 6, height: 5, exif: join(bytesOf('Exif\0\0'), tiff(7)) }), 'webp');
  expect(exif).toEqual(tiff(7));
});

test('a lossy WebP tells its size', async () => {
  const frame = join([0, 0, 0, 0x9d, 0x01, 0x2a], [0x20, 0x43, 0xe0, 0x01]); // 800 wide, with a scale in the top bits
  const bytes = join(bytesOf('RIFF\0\0\0\0WEBPVP8 '), [10, 0, 0, 0], frame);
  expect(await read(bytes, 'webp')).toMatchObject({ width: 800, height: 480 });
});

test('other formats are left to the decoder', async () => {
  expect(await read(bytesOf('GIF89a'), 'gif')).toEqual({ width: 0, height: 0, exif: null, edits: [] });
});
