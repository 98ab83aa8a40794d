/**
 * site/site.json: what the owner says about the page. Read and checked here; a mistake is one line that names the key,
 * says what is wrong and what would be right.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contrast, isColour } from './colours.js';

const PHOTOGRAPH = /\.(?:jpe?g|png|webp)$/i;
const LANGUAGE_FILE = /^([a-z]{2,3}(?:-[A-Z]{2})?)\.js$/;
const FIRST_LANGUAGE = 'en'; // unless the owner says otherwise
const CONTRAST_MIN = 3; // WCAG 1.4.11: of what is no text against what is around it

const ACCENT = Object.freeze({ light: '#2f54c8', dark: '#9db4ff' });

/** The page's own background, `--paper` in src/style/base.css. */
export const PAPER = Object.freeze({ light: '#f6f6f3', dark: '#131416' });

/** What each key must be; all but `name` may be left out. */
const KEYS = {
  name: line,
  title: words,
  tagline: words,
  description: words,
  about: words,
  links: list(record({ text: words, url: link }, ['text', 'url'])),
  languages: list(language),
  accent: record({ light: accent('light'), dark: accent('dark') }),
  theme: record({ light: colour, dark: colour }),
  icon: file(/\.(?:svg|png)$/i, 'an SVG or PNG in site/'),
  picture: file(/\.(?:jpe?g|png)$/i, 'a JPEG or PNG, by its path from site/'),
  address: link,
  examples: map(words),
  labels: languages(map(line)),
  engines: list(engine),
  device: model,
  tasks: doors,
  start: record({ confidence: fraction, iou: fraction, hide: list(line), example: line }),
};

/** A mistake in site.json. Its one line is all there is to say. */
export class SiteError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(`site/site.json: ${message}`);
    this.stack = this.message; // Vite prints it whole
  }
}

/**
 * Read what the owner says.
 *
 * @param {string} folder that holds site.json, examples/ and src/
 * @returns {Record<string, any>} every key, and `photographs`: the file names in examples/, in the order to show them
 * @throws {SiteError}
 */
export function readSite(folder) {
  const given = parse(readFileSync(join(folder, 'site.json'), 'utf8'));
  const spoken = languagesOf(folder);
  record(KEYS, ['name'])(given, '', { folder, spoken });
  const languages = given.languages ?? spoken;
  if (languages.length === 0) throw new SiteError('"languages" is empty; leave it out for all of them');
  const photographs = photographsOf(folder, Object.keys(given.examples ?? {}));
  const { example } = given.start ?? {};
  if (example && photographs.length > 0 && !photographs.includes(example)) {
    throw new SiteError(`"start.example" is ${show(example)}; site/examples/ has ${photographs.join(', ')}`);
  }
  const accent = { ...ACCENT, ...given.accent };
  const nothing = { about: '', links: [], theme: {}, address: '', examples: {}, labels: {}, start: {}, tasks: {} };
  return { ...nothing, ...given, accent, languages, photographs };
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SiteError(`this is no JSON: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
}

/**
 * A language is a file of texts; English comes first.
 *
 * @param {string} folder
 */
function languagesOf(folder) {
  const tags = readdirSync(join(folder, 'src/texts')).flatMap((name) => LANGUAGE_FILE.exec(name)?.[1] ?? []);
  return tags.sort((one, other) => Number(other === FIRST_LANGUAGE) - Number(one === FIRST_LANGUAGE) || (one < other ? -1 : 1));
}

/**
 * @param {string} folder
 * @param {readonly string[]} named those with a caption come first, in the order of site.json
 */
function photographsOf(folder, named) {
  const examples = join(folder, 'examples');
  const found = existsSync(examples) ? readdirSync(examples).filter((name) => PHOTOGRAPH.test(name)) : [];
  const rank = (/** @type {string} */ name) => (named.includes(name) ? named.indexOf(name) : named.length);
  return found.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

/** @typedef {{folder: string, spoken: readonly string[]}} Context */
/** @typedef {(value: any, path: string, context: Context) => void} Check throws a SiteError */

/**
 * @param {string} path
 * @param {unknown} value
 * @param {string} expected
 * @returns {never}
 */
function wrong(path, value, expected) {
  throw new SiteError(`"${path}" must be ${expected}, not ${show(value)}`);
}

/** @param {unknown} value */
function show(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** @type {Check} */
function line(value, path) {
  if (typeof value !== 'string' || value.trim() === '') wrong(path, value, 'a text');
}

/** A text, or one for each language. @type {Check} */
function words(value, path, context) {
  if (typeof value === 'string') return;
  if (!isRecord(value)) wrong(path, value, 'a text, or one for each language: {"en": "...", "de": "..."}');
  for (const [tag, text] of Object.entries(value)) {
    language(tag, `${path}.${tag}`, context);
    line(text, `${path}.${tag}`, context);
  }
}

/** @type {Check} */
function language(value, path, { spoken }) {
  if (!spoken.includes(value)) wrong(path, value, `a language with a file in site/src/texts/ (${spoken.join(', ')})`);
}

/** @type {Check} */
function engine(value, path, { folder }) {
  const there = readdirSync(join(folder, 'src/engines'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = there.map(({ name }) => name);
  if (!names.includes(value)) wrong(path, value, `one of the folders in site/src/engines/ (${names.join(', ')})`);
}

/** The model for the visitor's device, or none. @type {Check} */
function model(value, path, context) {
  if (value !== null) line(value, path, context);
}

/** How tasks are worded, by their folders' names; faces are detections to the code. @type {Check} */
function doors(value, path, context) {
  const folders = readdirSync(join(context.folder, 'src/tasks'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const door = record({ title: words, sentence: words, example: photograph });
  record(Object.fromEntries([...folders.map(({ name }) => name), 'faces'].map((id) => [id, door])))(value, path, context);
}

/** @type {Check} */
function photograph(value, path, { folder }) {
  const there = photographsOf(folder, []);
  if (there.length > 0 && !there.includes(value)) wrong(path, value, `a photograph in site/examples/ (${there.join(', ')})`);
}

/** @type {Check} */
function link(value, path) {
  if (typeof value !== 'string' || !/^(?:https?:\/\/[^\s/]+|mailto:[^\s@]+@)/.test(value)) {
    wrong(path, value, 'an address that begins with https://, http:// or mailto:');
  }
}

/** @type {Check} */
function fraction(value, path) {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) wrong(path, value, 'a number from 0 to 1');
}

/** @type {Check} */
function colour(value, path) {
  if (!isColour(value)) wrong(path, value, 'a colour like "#2f54c8"');
}

/**
 * @param {'light' | 'dark'} scheme
 * @returns {Check}
 */
function accent(scheme) {
  return (value, path, context) => {
    colour(value, path, context);
    const reached = contrast(value, PAPER[scheme]);
    if (reached >= CONTRAST_MIN) return;
    const better = scheme === 'light' ? 'darker' : 'lighter';
    wrong(path, value, `${better}: its contrast to the page is ${reached.toFixed(1)}, and ${CONTRAST_MIN} is the least`);
  };
}

/**
 * @param {RegExp} ending
 * @param {string} expected
 * @returns {Check}
 */
function file(ending, expected) {
  return (value, path, { folder }) => {
    if (typeof value !== 'string' || !ending.test(value)) wrong(path, value, expected);
    if (!existsSync(join(folder, value))) wrong(path, value, `${expected}; there is no such file`);
  };
}

/**
 * @param {Check} each
 * @returns {Check}
 */
function list(each) {
  return (value, path, context) => {
    if (!Array.isArray(value)) wrong(path, value, 'a list: [...]');
    value.forEach((/** @type {unknown} */ item, /** @type {number} */ index) => each(item, `${path}[${index}]`, context));
  };
}

/**
 * @param {Check} each
 * @returns {Check}
 */
function map(each) {
  return (value, path, context) => {
    if (!isRecord(value)) wrong(path, value, 'an object: {...}');
    for (const [key, item] of Object.entries(value)) each(item, `${path}.${key}`, context);
  };
}

/**
 * Something for each of some languages.
 *
 * @param {Check} each
 * @returns {Check}
 */
function languages(each) {
  return (value, path, context) => {
    if (!isRecord(value)) wrong(path, value, 'an object with languages: {"de": {...}}');
    for (const [tag, item] of Object.entries(value)) {
      language(tag, `${path}.${tag}`, context);
      each(item, `${path}.${tag}`, context);
    }
  };
}

/**
 * @param {Record<string, Check>} checks
 * @param {readonly string[]} [needed]
 * @returns {Check}
 */
function record(checks, needed = []) {
  return (value, path, context) => {
    if (!isRecord(value)) wrong(path || 'site.json', value, 'an object: {...}');
    const inside = (/** @type {string} */ key) => (path ? `${path}.${key}` : key);
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
      if (!check) throw new SiteError(`there is no key "${inside(key)}"; there are ${Object.keys(checks).join(', ')}`);
      check(item, inside(key), context);
    }
    for (const key of needed) if (!Object.hasOwn(value, key)) throw new SiteError(`"${inside(key)}" is missing`);
  };
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
