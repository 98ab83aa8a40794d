import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { marksOf } from '../../../site/src/tasks/detection/marks.js';
import { STYLE, toHtml } from '../../../site/src/save/page.js';
import { found, NASTY, photo } from './photo.js';

const bytes = Uint8Array.from({ length: 40_000 }, (_, at) => (at * 7) % 256);

/** @param {object} [detection] changes of the first one */
function write(changes = {}, detection = {}) {
  const detections = [{ ...found[0], ...detection }, ...found.slice(1)];
  return toHtml({
    picture: new Blob([bytes], { type: 'image/jpeg' }),
    size: photo.size,
    groups: marksOf(detections, { labelOf: ({ label }) => label, nameOf: () => '' }),
    rows: detections.map(({ label }) => ({ label, figure: '98%', share: 0.98, colour: '#123456' })),
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
  ['a row', { rows: [{ label: NASTY, figure: NASTY, share: 1, colour: NASTY }] }],
  ['a mark', { groups: [{ name: '', colour: NASTY, box: null, marks: [{ kind: 'label', text: NASTY, box: found[0].box }, { kind: 'mask', url: NASTY, box: found[0].box }] }] }],
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

test('an outline and key points that are seen are painted, too', async () => {
  const polygon = [{ x: 1, y: 2 }, { x: 30, y: 2 }, { x: 30, y: 40 }];
  const keypoints = [{ name: 'nose', x: 9, y: 8, confidence: 0.9 }, { name: 'ear', x: 7, y: 7, confidence: 0.2 }];
  const html = await write({}, { polygon, keypoints });
  expect(html.match(/<polygon points="1,2 30,2 30,40"/g)).toHaveLength(2);
  expect(html.match(/<circle cx="9" cy="8"/g)).toHaveLength(3);
  expect(html).not.toContain('cx="7"');
});
