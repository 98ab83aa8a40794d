// What an owner may write into site.json, and what a mistake says.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accentCss, contrast } from '../../../site/build/colours.js';
import { readSite } from '../../../site/build/site-config.js';
import { fillHead, fillTexts } from '../../../site/build/site-html.js';
import { texts } from '../../../site/src/texts/de.js';

let folder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  mkdirSync(join(folder, 'src/texts'), { recursive: true });
  mkdirSync(join(folder, 'src/tasks/detection'), { recursive: true });
  mkdirSync(join(folder, 'examples'));
  for (const name of ['de.js', 'en.js', 'pt-BR.js', 'de-errors.js', 'phrases.js']) put(`src/texts/${name}`);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param {string} path @param {string} [content] */
const put = (path, content = '') => writeFileSync(join(folder, path), content);

/** @param {unknown} given */
function read(given) {
  put('site.json', typeof given === 'string' ? given : JSON.stringify({ name: 'Helmets', ...given }));
  return readSite(folder);
}

describe('site.json', () => {
  test('needs only a name; then the page speaks each language that has a file, English first', () => {
    expect(read({})).toMatchObject({ name: 'Helmets', languages: ['en', 'de', 'pt-BR'], photographs: [], links: [] });
  });

  test.each([['yolox-nano'], [null]])('may name the model for the visitor’s device: %j', (device) => {
    expect(read({ device }).device).toBe(device);
  });

  test('takes no other device', () => {
    expect(() => read({ device: ['yolox-nano'] })).toThrow('"device" must be a text');
  });

  test('names the languages and their order', () => {
    expect(read({ languages: ['de', 'en'] }).languages).toEqual(['de', 'en']);
  });

  test('words the tasks, with examples that are there', () => {
    put('examples/a.jpg');
    const tasks = { faces: { title: 'Helmets on', sentence: { de: 'Helme', en: 'Helmets' }, example: 'a.jpg' }, detection: {} };
    expect(read({ tasks }).tasks).toEqual(tasks);
    expect(read({}).tasks).toEqual({});
    expect(() => read({ tasks: { faces: { example: 'b.jpg' } } })).toThrow('"tasks.faces.example" must be a photograph in site/examples/ (a.jpg)');
  });

  test('puts photographs with a caption first, and takes JPEG, PNG and WebP in any case', () => {
    for (const name of ['a.JPG', 'b.webp', 'c.Png', 'd.jpeg', 'notes.txt']) put(`examples/${name}`);
    expect(read({ examples: { 'd.jpeg': 'A site', 'b.webp': 'A crane' } }).photographs).toEqual(['d.jpeg', 'b.webp', 'a.JPG', 'c.Png']);
  });

  test.each([
    [{ taglin: 'x' }, 'there is no key "taglin"; there are name, title, tagline,'],
    [{ links: [{ text: 'a', href: 'https://a.b' }] }, 'there is no key "links[0].href"; there are text, url'],
    [{ links: [{ text: 'a' }] }, '"links[0].url" is missing'],
    [{ links: [{ text: 'a', url: 'javascript:alert(1)' }] }, '"links[0].url" must be an address that begins with https://'],
    [{ links: {} }, '"links" must be a list: [...], not {}'],
    [{ name: ' ' }, '"name" must be a text, not " "'],
    [{ title: 3 }, '"title" must be a text, or one for each language: {"en": "...", "de": "..."}, not 3'],
    [{ tagline: { fr: 'x' } }, '"tagline.fr" must be a language with a file in site/src/texts/ (en, de, pt-BR), not "fr"'],
    [{ languages: ['xx'] }, '"languages[0]" must be a language with a file in site/src/texts/ (en, de, pt-BR), not "xx"'],
    [{ languages: [] }, '"languages" is empty; leave it out for all of them'],
    [{ accent: { light: 'blue' } }, '"accent.light" must be a colour like "#2f54c8", not "blue"'],
    [{ accent: { light: '#ffff00' } }, '"accent.light" must be darker: its contrast to the page is 1.0, and 3 is the least'],
    [{ accent: { dark: '#000044' } }, '"accent.dark" must be lighter: its contrast to the page is 1.'],
    [{ tasks: { reading: {} } }, 'there is no key "tasks.reading"; there are detection, faces'],
    [{ tasks: { faces: { text: 'x' } } }, 'there is no key "tasks.faces.text"; there are title, sentence, example'],
    [{ tasks: { faces: { title: { fr: 'x' } } } }, '"tasks.faces.title.fr" must be a language with a file in'],
    [{ icon: 'icon.gif' }, '"icon" must be an SVG or PNG in site/, not "icon.gif"'],
    [{ icon: 'icon.svg' }, '"icon" must be an SVG or PNG in site/; there is no such file, not "icon.svg"'],
    [{ labels: { fr: {} } }, '"labels.fr" must be a language with a file in site/src/texts/ (en, de, pt-BR), not "fr"'],
    [{ labels: { de: { dog: 3 } } }, '"labels.de.dog" must be a text, not 3'],
    [{ labels: { de: ['Hund'] } }, '"labels.de" must be an object: {...}, not ["Hund"]'],
    [{ start: { confidence: 40 } }, '"start.confidence" must be a number from 0 to 1, not 40'],
    ['{"name": "x",}', 'this is no JSON: '],
    ['[]', '"site.json" must be an object: {...}, not []'],
    ['{}', '"name" is missing'],
  ])('with %j says in one line what is wrong', (given, message) => {
    let said = '';
    try {
      read(given);
    } catch (error) {
      said = error.stack;
    }
    expect(said).toContain(`site/site.json: ${message}`);
    expect(said).not.toContain('\n');
  });

  test('cannot begin with a photograph that is not there', () => {
    put('examples/a.jpg');
    expect(() => read({ start: { example: 'b.jpg' } })).toThrow('"start.example" is "b.jpg"; site/examples/ has a.jpg');
  });
});

describe('the accent', () => {
  test('has letters on it that can be read, whatever it is', () => {
    const css = accentCss({ light: '#2f54c8', dark: '#f5c518' });
    expect(css).toContain('--accent:#2f54c8;--accent-strong:#2745a4;--on-accent:#ffffff');
    expect(css).toMatch(/prefers-color-scheme: dark.*--on-accent:#000000/);
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

describe('the page', () => {
  const HTML = `<html lang="en"><!-- site.json --><h1 data-site="name"></h1><p data-text="choose" hidden></p><ul data-label="strip"></ul>
    <section class="about" id="about" data-label="about" hidden><p data-site="about"></p><ul data-site="links"></ul></section>`;

  test('has the owner’s words and the first language’s before any script runs', () => {
    const about = { en: 'We <3 helmets', de: 'Wir <3 Helme' };
    const site = read({ name: 'A & B', about, links: [{ text: 'Paper', url: 'https://x.org/?a&b' }] });
    const html = fillTexts(HTML, site, texts);
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('<h1 data-site="name">A &#38; B</h1><p data-text="choose" hidden>Foto auswählen</p>');
    expect(html).toContain('data-label="strip" aria-label="Ihre Fotos"');
    expect(html).toContain('aria-label="Über diese Seite">');
    expect(html).toContain('>Wir &#60;3 Helme</p>');
    expect(html).toContain('<li><a class="about-link" href="https://x.org/?a&#38;b" rel="noopener">Paper</a></li>');
  });

  test('says nothing about itself where the owner does not', () => {
    expect(fillTexts(HTML, read({}), texts)).toContain('aria-label="Über diese Seite" hidden>');
  });

  test('tells readers of links what it is', () => {
    put('card.png');
    const head = fillHead(HTML, read({ title: { en: 'E', de: 'D' }, description: '"x"', picture: 'card.png', theme: { dark: '#123456' } }), 'de');
    expect(head).toContain('<title>D</title>');
    expect(head).toContain('<meta property="og:title" content="D">');
    expect(head).toContain('<meta name="description" content="&#34;x&#34;">');
    expect(head).toContain('<meta property="og:image" content="./card.png">');
    expect(head).toContain('content="#123456" media="(prefers-color-scheme: dark)"');
    expect(head).toContain('content="#f6f6f3" media="(prefers-color-scheme: light)"');
  });
});
