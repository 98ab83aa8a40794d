import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { chooseLanguage, errorText, labelName, LANGUAGES, learnLabels, say, speak, texts as spoken } from '../../site/src/texts/texts.js';
import { texts as de } from '../../site/src/texts/de.js';
import { labels as inGerman } from '../../site/src/texts/labels/de.js';
import { texts as en } from '../../site/src/texts/en.js';
import { words as helpDe } from '../../site/src/texts/help/de.js';
import { words as helpEn } from '../../site/src/texts/help/en.js';
import { speakHelp, words as helpWords } from '../../site/src/texts/help/words.js';
import { words as taskWordsDe } from '../../site/src/texts/tasks/de.js';
import { words as taskWordsEn } from '../../site/src/texts/tasks/en.js';
import { speakWords, words as taskWords } from '../../site/src/texts/tasks/words.js';

const SITE = new URL('../../site/', import.meta.url);
const html = readFileSync(new URL('index.html', SITE), 'utf8');
const found = (labels) => labels.map((label, index) => ({ label, classId: 0, confidence: 0.9 - index / 100, box: {} }));
const kinds = Object.keys(en.errors);
const REST = { isEdited: false, hidden: 0, unsure: 0, confidence: 0.25 };

/** @param {object} texts */
const keysOf = (texts, path = '') =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'object' ? keysOf(text, `${path}${key}.`) : [`${path}${key}: ${typeof text}`],
  );

afterEach(() => speak('en'));

describe('the page', () => {
  test.each([
    ['data-text', en.fixed],
    ['data-label', en.labels],
  ])('uses every fixed text by %s and none that is missing', (attribute, known) => {
    const used = [...html.matchAll(new RegExp(`${attribute}="(\\w+)"`, 'g'))].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(known).sort());
  });

  test('has nothing inline that a strict Content-Security-Policy would refuse', () => {
    expect(html).not.toMatch(/\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|javascript:/i);
  });
});

describe('errorText', () => {
  test('explains every kind that the page can raise', () => {
    const source = ['engines/remote/problem.js', 'media/prepare.js', 'app/failure.js', 'app/controller.js', 'view/page.js', 'engines/remote/post.js']
      .map((path) => readFileSync(new URL(`src/${path}`, SITE), 'utf8'))
      .join('\n');
    expect(kinds.filter((kind) => source.includes(`'${kind}'`))).toEqual(kinds);
    const declared = /@typedef \{('unreachable'[^}]*)\} Kind/.exec(source)?.[1].match(/[\w-]+/g) ?? [];
    expect(declared.length).toBeGreaterThan(10);
    for (const kind of declared) expect(kinds).toContain(kind);
  });

  test.each(kinds)('%s says what happened and what to do, calmly', (kind) => {
    const { title, advice } = errorText(kind, null);
    expect(title.length).toBeGreaterThan(5);
    expect(advice).toMatch(/\.$/);
    expect(`${title} ${advice}`).not.toMatch(/!|sorry|oops/i);
  });

  test('has words for a kind it does not know', () => {
    expect(errorText('never-heard-of', null)).toEqual(errorText('unexpected', null));
  });

  test.each([
    [1, 'Try again in 1 second.'],
    [5, 'Try again in 5 seconds.'],
    [600, 'Try again in 10 minutes.'],
  ])('says when to try again after %i s', (seconds, advice) => {
    expect(errorText('busy', seconds).advice).toBe(advice);
  });

  test.each(['forbidden', 'unreadable'])('tells the owner what to set to what: %s', (kind) => {
    expect(errorText(kind, null, 'https://you.github.io').advice).toMatch(/PAGESIGHT_ALLOWED_ORIGINS=https:\/\/you\.github\.io /);
  });

  test('does not ask to wait for what waiting does not mend', () => {
    expect(errorText('too-large', 5)).toEqual(errorText('too-large', null));
  });
});

describe('the summary', () => {
  test.each([
    [[], 'Nothing found'],
    [['dog'], '1 object found'],
    [['dog', 'dog'], '2 objects found'],
  ])('of %j is titled "%s"', (labels, title) => {
    expect(taskWordsEn.detection.title(labels.length)).toBe(title);
  });

  test('says how many are hidden, to eyes and ears', () => {
    const dog = found(['dog']);
    expect([taskWordsEn, taskWordsDe].map(({ detection }) => detection.sentence(dog, { ...REST, hidden: 3 }))).toEqual(['dog · 3 hidden', 'dog · 3 ausgeblendet']);
    expect(taskWordsEn.detection.spoken(dog, 3)).toBe('4 objects found, 3 hidden: dog 90%');
    expect(taskWordsDe.detection.spoken([], 4)).toBe('4 Objekte gefunden, 4 ausgeblendet');
  });

  test('counts objects of a kind', () => {
    expect(taskWordsEn.detection.sentence(found(['person', 'dog', 'person']), REST)).toBe('person\u00a0×\u00a02, dog');
  });

  test.each([
    [{}, /Nothing that this model knows.*Move closer/],
    [{ unsure: 3 }, /3 guesses below 25%/],
    [{ hidden: 2, unsure: 3 }, /All hidden by your filters/],
    [{ isEdited: true, hidden: 2 }, /You have deleted all/],
  ])('says why there is nothing: %j', (why, sentence) => {
    expect(taskWordsEn.detection.sentence([], { ...REST, ...why })).toMatch(sentence);
  });

  test('describes the picture with what is in it', () => {
    expect(taskWordsEn.detection.alt(found(['dog', 'truck']))).toBe('Your photo with 2 objects marked: dog 90%, truck 89%');
    expect(taskWordsEn.detection.alt([])).toMatch(/nothing was found/);
  });

  test('does not read out a hundred objects', () => {
    expect(taskWordsEn.detection.alt(found(Array(100).fill('kite')))).toMatch(/and 90 more$/);
  });
});

describe('another language', () => {
  test('says everything that English says', () => {
    expect(keysOf(de)).toEqual(keysOf(en));
  });

  test('says what the tasks say, too, and in the language that is spoken', async () => {
    expect(keysOf(taskWordsDe)).toEqual(keysOf(taskWordsEn));
    expect(keysOf(helpDe)).toEqual(keysOf(helpEn));
    await speakWords();
    await speak('de');
    expect(taskWords.classification.why).toBe('Warum?');
    await speak('en');
    expect(taskWords.classification.why).toBe('Why?');
  });

  test('says what windows over the page say, too', async () => {
    expect(keysOf(helpDe)).toEqual(keysOf(helpEn));
    await speakHelp();
    await speak('de');
    expect(helpWords.title).toBe('Tasten');
  });

  test('is said in other words', () => {
    const same = Object.keys(en.fixed).filter((key) => en.fixed[key] === de.fixed[key]);
    expect(same).toEqual([]);
  });

  test.each(kinds)('explains %s calmly too', async (kind) => {
    await speak('de');
    const { title, advice } = errorText(kind, null);
    expect(title).not.toBe(en.errors[kind].title);
    expect(`${title} ${advice}`).not.toMatch(/!|leider|hoppla/i);
  });

  test('is spoken from then on', async () => {
    await speak('de');
    expect(spoken.discarded).toBe(de.discarded);
    await speak('en');
    expect(spoken.discarded).toBe(en.discarded);
  });

  test.each([
    [null, ['de-AT', 'en'], 'de'],
    [null, ['fr-FR', 'de'], 'de'],
    [null, ['en-US', 'de'], 'en'],
    [null, ['fr'], 'en'],
    ['de', ['en-US'], 'de'],
    ['xx', ['en'], 'en'],
    [null, ['constructor', 'toString'], 'en'],
  ])('is chosen: %j before %j is %s', (chosen, preferred, language) => {
    expect(chooseLanguage(chosen, preferred, ['en', 'de'])).toBe(language);
  });

  test('is a file beside the others, with English first', () => {
    expect(LANGUAGES).toEqual(['en', 'de']);
  });

  test('that cannot be had leaves the page in the one that it speaks', async () => {
    expect(await speak('xx')).toBe(false);
    expect(spoken.language).toBe('en');
  });

  test('says the owner’s words, else those of the first one that has some', async () => {
    await speak('de');
    expect([say({ en: 'Dog', de: 'Hund' }), say({ fr: 'Chien' }), say('dog')]).toEqual(['Hund', 'Chien', 'dog']);
  });
});

describe('what a model calls things', () => {
  test('has a German name for each of COCO’s 80 classes', () => {
    const coco = readFileSync(new URL('../weights/coco.names', SITE), 'utf8').trim().split('\n');
    expect(coco).toHaveLength(80);
    expect(coco.filter((label) => !Object.hasOwn(inGerman, label))).toEqual([]);
  });

  test('is called in the language that is spoken, once that is learnt', async () => {
    await speak('de');
    expect(labelName('dog')).toBe('dog');
    await learnLabels();
    expect(['dog', 'helmet', 'constructor'].map(labelName)).toEqual(['Hund', 'helmet', 'constructor']);
    await speak('en');
    await learnLabels();
    expect(labelName('dog')).toBe('dog');
  });
});

test('only the style that is there from the start asks for a dark system, as the switch of the look changes no other', () => {
  const folder = new URL('src/style/', SITE);
  const asking = readdirSync(folder).filter((name) => readFileSync(new URL(name, folder), 'utf8').includes('prefers-color-scheme'));
  expect(asking).toEqual(['base.css']);
});

test('no module but those of texts holds a sentence for the visitor', () => {
  const folder = new URL('src/', SITE);
  const names = readdirSync(folder, { recursive: true }).map(String);
  for (const name of names.filter((one) => one.endsWith('.js') && !one.startsWith('texts/'))) {
    const code = readFileSync(new URL(name, folder), 'utf8');
    expect(code, name).not.toMatch(/(?:textContent|alt|title|ariaLabel) = '[A-Z]/);
  }
});
