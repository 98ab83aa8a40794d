import { describe, expect, test, vi } from 'vitest';
import { prepareImage, UnusableFile } from '../../../site/src/media/prepare.js';
import { bytesOf, isoMedia, jpeg, png, tiff, webp } from './image-files.js';

const ENCODED = new Blob(['upright'], { type: 'image/jpeg' });
const LIVE = new AbortController().signal;

/**
 * A decoder of a given stored size, that reduces as it is told.
 *
 * @param {{width: number, height: number, reduces?: boolean}} stored
 */
function decoderOf({ width, height, reduces = true }) {
  const close = vi.fn();
  return {
    close,
    decode: vi.fn(async (_file, reduced) => ({ ...((reduces && reduced) || { width, height }), close })),
    encodeUpright: vi.fn(async () => ENCODED),
  };
}

/** A browser that cannot read the file. */
function noDecoder() {
  return {
    decode: vi.fn(async () => {
      throw new DOMException('The source image could not be decoded.', 'InvalidStateError');
    }),
    encodeUpright: vi.fn(),
  };
}

const fileOf = (bytes, name = 'photo.jpg', type = 'image/jpeg') => new File([bytes], name, { type });

describe('a photo that the browser reads', () => {
  test('is decoded small, turned once and sent as upright JPEG', async () => {
    const pixels = decoderOf({ width: 4032, height: 3024 });
    const file = fileOf(jpeg({ width: 4032, height: 3024, exif: tiff(6) }));
    const prepared = await prepareImage(file, LIVE, pixels);
    expect(pixels.decode.mock.calls[0][1]).toEqual({ width: 1280, height: 960 });
    expect(pixels.encodeUpright.mock.calls[0][1]).toMatchObject({ orientation: 6, drawn: { width: 1280, height: 960 } });
    expect(prepared).toMatchObject({ upright: true, size: { width: 960, height: 1280 } });
    expect([prepared.file.name, prepared.file.type]).toEqual(['photo.jpg', 'image/jpeg']);
    expect(await prepared.file.text()).toBe('upright');
    expect(pixels.close).toHaveBeenCalledOnce();
  });

  test.each([
    ['jpeg', jpeg],
    ['png', png],
    ['webp', webp],
  ])('reaches the decoder as a %s without the tag, so that no browser can turn it too', async (format, make) => {
    const pixels = decoderOf({ width: 40, height: 30 });
    const file = fileOf(make({ width: 40, height: 30, exif: tiff(8) }), `photo.${format}`, `image/${format}`);
    await prepareImage(file, LIVE, pixels);
    const decoded = new Uint8Array(await pixels.decode.mock.calls[0][0].arrayBuffer());
    const text = String.fromCharCode(...decoded);
    expect(text).not.toMatch(/exif/i);
    expect(pixels.encodeUpright.mock.calls[0][1].orientation).toBe(8);
  });

  test('keeps its size when it is small', async () => {
    const pixels = decoderOf({ width: 768, height: 576 });
    const { size } = await prepareImage(fileOf(jpeg({ width: 768, height: 576 })), LIVE, pixels);
    expect(pixels.decode.mock.calls[0][1]).toBeNull();
    expect(size).toEqual({ width: 768, height: 576 });
  });

  test('is reduced while drawing where the browser decodes only at full size', async () => {
    const pixels = decoderOf({ width: 4000, height: 2000, reduces: false });
    const { size } = await prepareImage(fileOf(jpeg({ width: 4000, height: 2000 })), LIVE, pixels);
    expect(size).toEqual({ width: 1280, height: 640 });
  });

  test('is left to the API when its shape shows that the browser has turned it after all', async () => {
    const pixels = decoderOf({ width: 30, height: 40 });
    const file = fileOf(jpeg({ width: 40, height: 30, exif: tiff(6) }));
    expect(await prepareImage(file, LIVE, pixels)).toEqual({ file, upright: false, size: null });
  });

  test('may be of a kind that the API does not read', async () => {
    const file = fileOf(bytesOf('II*\0'), 'scan.tif', 'image/tiff');
    expect((await prepareImage(file, LIVE, decoderOf({ width: 9, height: 9 }))).upright).toBe(true);
  });
});

describe('a photo that the browser does not read', () => {
  test('is sent as it is when the API reads it', async () => {
    const file = fileOf(isoMedia('heic'), 'IMG_1.HEIC', 'image/heic');
    expect(await prepareImage(file, LIVE, noDecoder())).toEqual({ file, upright: false, size: null });
  });

  test('is too large over 10 million bytes, with the form around it', async () => {
    const file = new File([isoMedia('heic'), new Uint8Array(9_999_000)], 'IMG_1.HEIC');
    await expect(prepareImage(file, LIVE, noDecoder())).rejects.toMatchObject({ kind: 'too-large' });
  });

  test('over 10 MB is fine where the browser reads it', async () => {
    const file = new File([isoMedia('heic'), new Uint8Array(10 * 1024 * 1024)], 'IMG_1.HEIC');
    expect((await prepareImage(file, LIVE, decoderOf({ width: 8, height: 8 }))).upright).toBe(true);
  });
});

describe('what is no photo', () => {
  test.each([
    ['a text', bytesOf('hello'), 'text/plain'],
    ['a PDF', bytesOf('%PDF-1.7'), 'application/pdf'],
    ['an SVG', bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ['a video', isoMedia('isom'), 'video/mp4'],
  ])('%s is refused before it is decoded', async (_, bytes, type) => {
    const pixels = decoderOf({ width: 1, height: 1 });
    const refused = prepareImage(fileOf(bytes, 'x', type), LIVE, pixels);
    await expect(refused).rejects.toThrow(UnusableFile);
    await expect(refused).rejects.toMatchObject({ kind: 'not-an-image' });
    expect(pixels.decode).not.toHaveBeenCalled();
  });

  test('a file that claims to be an image is refused when nobody reads it', async () => {
    await expect(prepareImage(fileOf(bytesOf('?')), LIVE, noDecoder())).rejects.toMatchObject({ kind: 'not-an-image' });
  });

  test('an empty file is called empty', async () => {
    await expect(prepareImage(fileOf(''), LIVE, noDecoder())).rejects.toMatchObject({ kind: 'empty' });
  });
});

test('an abort while decoding ends the work and frees the picture', async () => {
  const running = new AbortController();
  const pixels = decoderOf({ width: 40, height: 30 });
  pixels.decode.mockImplementation(async () => {
    running.abort();
    return { width: 40, height: 30, close: pixels.close };
  });
  const work = prepareImage(fileOf(jpeg({ width: 40, height: 30 })), running.signal, pixels);
  await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  expect(pixels.encodeUpright).not.toHaveBeenCalled();
  expect(pixels.close).toHaveBeenCalledOnce();
});
