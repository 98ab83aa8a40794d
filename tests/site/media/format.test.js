import { describe, expect, test } from 'vitest';
import { isNoImage, sniffFormat } from '../../../site/src/media/format.js';
import { bytesOf, isoMedia, jpeg, join, png, webp } from './image-files.js';

const SIZE = { width: 3, height: 2 };

describe('sniffFormat', () => {
  test.each([
    ['jpeg', jpeg(SIZE)],
    ['png', png(SIZE)],
    ['webp', webp(SIZE)],
    ['gif', bytesOf('GIF89a')],
    ['bmp', join(bytesOf('BM'), [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0, 0])],
    ['heic', isoMedia('heic')],
    ['heic', isoMedia('mif1', ['heic'])],
    ['avif', isoMedia('avif')],
    ['avif', isoMedia('mif1', ['miaf', 'avif'])],
  ])('names a %s file', (format, bytes) => {
    expect(sniffFormat(bytes)).toBe(format);
  });

  test.each([
    ['text', bytesOf('hello, world')],
    ['text that begins like a BMP', bytesOf('BM is how this sentence begins')],
    ['a PDF', bytesOf('%PDF-1.7')],
    ['a video', isoMedia('isom', ['mp42'])],
    ['a sound in a RIFF', bytesOf('RIFF\0\0\0\0WAVE')],
    ['nothing', new Uint8Array()],
    ['a cut-off ftyp', bytesOf('\0\0\0\x18ftyp')],
  ])('does not name %s', (_, bytes) => {
    expect(sniffFormat(bytes)).toBe('unknown');
  });
});

describe('isNoImage', () => {
  test.each([
    ['an SVG by type', bytesOf('<svg'), 'image/svg+xml'],
    ['an SVG without a type', bytesOf('\xef\xbb\xbf  <svg xmlns='), ''],
    ['a text', bytesOf('hello'), 'text/plain'],
    ['a PDF', bytesOf('%PDF-1.7'), 'application/pdf'],
    ['a video', isoMedia('isom'), 'video/mp4'],
  ])('refuses %s', (_, bytes, type) => {
    expect(isNoImage(bytes, type)).toBe(true);
  });

  test('leaves an image of a kind unknown here to the browser', () => {
    expect(isNoImage(bytesOf('II*\0'), 'image/tiff')).toBe(false);
    expect(isNoImage(bytesOf('\xff\x0a'), '')).toBe(false);
  });
});
