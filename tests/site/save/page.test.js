import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { STYLE, toHtml } from '../../../site/src/save/page.js';
import { found, NASTY, photo } from './photo.js';

const bytes = Uint8Array.from({ length: 40_000 }, (_, at) => (at * 7) % 256);

function write(changes = {}) {
  return toHtml({
    picture: new Blob([bytes], { type: 'image/jpeg' }),
    size: photo.size,
    detections: found,
    labels: found.map(({ box }) => ({ ...box, y2: box.y1 + 20 })),
    style: { line: 2, text: 18, padding: 4 },
    colourOf: (classId) => `oklch(0.78 0.14 ${classId}rad)`,
    textOf: ({ label }) => label,
    words: { language: 'en', title: 'dog.jpg', alt: 'A dog', caption: 'yolov3' },
    ...changes,
  });
}

test('its own policy lets nothing in but its picture and its style', async () => {
  const html = await write();
  const hash = createHash('sha256').update(STYLE).digest('base64');
  expect(html).toContain(
    `content="default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  );
  expect(html).toContain(`<style>${STYLE}</style>`);
  expect(html).not.toMatch(/\bsrc=|url\(|@import|<script|<link|https?:| style=| on\w+=/);
});

test('the picture is in it, byte by byte', async () => {
  const [, base64] = /href="data:image\/jpeg;base64,([^"]+)"/.exec(await write());
  expect(Buffer.from(base64, 'base64')).toEqual(Buffer.from(bytes));
});

test.each([
  ['a label', { textOf: () => NASTY }],
  ['a colour', { colourOf: () => NASTY }],
  ['a title', { words: { language: 'en', title: NASTY, alt: '', caption: '' } }],
  ['an alternative text', { words: { language: 'en', title: '', alt: NASTY, caption: '' } }],
  ['a caption', { words: { language: 'en', title: '', alt: '', caption: NASTY } }],
  ['a language', { words: { language: NASTY, title: '', alt: '', caption: '' } }],
])('markup in %s stays text', async (_, changes) => {
  const html = await write(changes);
  expect(html).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; &#39;it&#39;');
  expect(html).not.toMatch(/<script|alert\("/);
});

test('each detection has three lines, a label and an item, the first on top', async () => {
  const html = await write();
  expect(html.match(/fill="none"/g)).toHaveLength(9);
  expect(html.match(/<li>/g)).toHaveLength(3);
  const texts = [...html.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts.slice(1)).toEqual(['truck', 'dog']);
  expect(html).toContain('<rect x="131.123" y="221.4" width="177.677" height="319.6" fill="none" stroke="oklch');
});

test('a box that is smaller than its line has no negative size', async () => {
  expect(await write()).not.toMatch(/(?:width|height)="-/);
});

test.each(['image/svg+xml', 'text/html', ''])('a picture of type "%s" is refused', async (type) => {
  await expect(write({ picture: new Blob([bytes], { type }) })).rejects.toThrow(TypeError);
});
