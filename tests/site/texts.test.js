import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as texts from '../../site/src/texts.js';

const SITE = new URL('../../site/', import.meta.url);
const html = readFileSync(new URL('index.html', SITE), 'utf8');
const found = (labels) => labels.map((label, index) => ({ label, classId: 0, confidence: 0.9 - index / 100, box: {} }));

describe('the page', () => {
  test.each([
    ['data-text', texts.fixed],
    ['data-label', texts.labels],
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
    const source = ['api/problem.js', 'image/prepare.js', 'controller.js', 'view/page.js']
      .map((path) => readFileSync(new URL(`src/${path}`, SITE), 'utf8'))
      .join('\n');
    const kinds = texts.errorKinds.filter((kind) => source.includes(`'${kind}'`));
    expect(kinds).toEqual(texts.errorKinds);
    const declared = /@typedef \{('unreachable'[^}]*)\} Kind/.exec(source)?.[1].match(/[\w-]+/g) ?? [];
    expect(declared.length).toBeGreaterThan(10);
    for (const kind of declared) expect(texts.errorKinds).toContain(kind);
  });

  test.each(texts.errorKinds)('%s says what happened and what to do, calmly', (kind) => {
    const { title, advice } = texts.errorText(kind, null);
    expect(title.length).toBeGreaterThan(5);
    expect(advice).toMatch(/\.$/);
    expect(`${title} ${advice}`).not.toMatch(/!|sorry|oops/i);
  });

  test('has words for a kind it does not know', () => {
    expect(texts.errorText('never-heard-of', null)).toEqual(texts.errorText('unexpected', null));
  });

  test.each([
    [1, 'Try again in 1 second.'],
    [5, 'Try again in 5 seconds.'],
    [600, 'Try again in 10 minutes.'],
  ])('says when to try again after %i s', (seconds, advice) => {
    expect(texts.errorText('busy', seconds).advice).toBe(advice);
  });

  test('does not ask to wait for what waiting does not mend', () => {
    expect(texts.errorText('too-large', 5)).toEqual(texts.errorText('too-large', null));
  });
});

describe('the summary', () => {
  test.each([
    [[], 'Nothing found'],
    [['dog'], '1 object found'],
    [['dog', 'dog'], '2 objects found'],
  ])('of %j is titled "%s"', (labels, title) => {
    expect(texts.summaryTitle(found(labels))).toBe(title);
  });

  test('counts objects of a kind', () => {
    expect(texts.summarySentence(found(['person', 'dog', 'person']))).toBe('person × 2, dog');
  });

  test('says what to try when there is nothing', () => {
    expect(texts.summarySentence([])).toMatch(/Try /);
  });

  test('describes the picture with what is in it', () => {
    expect(texts.resultAlt(found(['dog', 'truck']))).toBe('Your photo with 2 objects marked: dog 90%, truck 89%');
    expect(texts.resultAlt([])).toMatch(/nothing was found/);
  });

  test('does not read out a hundred objects', () => {
    expect(texts.resultAlt(found(Array(100).fill('kite')))).toMatch(/and 90 more$/);
  });
});

test('no module but texts.js holds a sentence for the visitor', () => {
  const folder = new URL('src/view/', SITE);
  for (const name of readdirSync(folder)) {
    const code = readFileSync(new URL(name, folder), 'utf8');
    expect(code, name).not.toMatch(/(?:textContent|alt|title|ariaLabel) = '[A-Z]/);
  }
});
