/**
 * What further models say of single things: of a chain, each detection may have `attributes` by name (openapi.yaml). What any
 * of them comes to is its text: what a reader read, a classifier's first label, what a detector found.
 */

import { labelName, texts } from '../../texts/texts.js';
import { words } from '../../texts/tasks/words.js';
import { classIdOf, insist, listOf, numberOf, objectOf, textOf } from '../checks.js';

/** @typedef {import('./types.js').Attribute} Attribute */
/** @typedef {import('./types.js').Detection} Detection */
/** @typedef {import('./types.js').Point} Point */

const ATTRIBUTES_MAX = 20; // of one thing
const THINGS_MAX = 1000; // in one of them
const POINTS_MAX = 10_000;
const FAR = 1_000_000;
const TEXT_MAX = 10_000; // characters
const SHORT = 40; // characters of a label in the picture

/**
 * @param {unknown} value of a detection's `attributes`
 * @returns {readonly Attribute[]} in the order of the answer
 * @throws {import('../checks.js').BadAnswer}
 */
export function attributesOf(value) {
  const entries = Object.entries(objectOf(value));
  insist(entries.length <= ATTRIBUTES_MAX);
  return Object.freeze(entries.map(([name, json]) => attributeOf(textOf(name), objectOf(json))));
}

/** @param {string} name @param {Readonly<Record<string, unknown>>} json @returns {Attribute} */
function attributeOf(name, json) {
  const { text = '', classes, detections, lines } = json;
  insist(typeof text === 'string' && text.length <= TEXT_MAX);
  const [best] = listOf(classes ?? [], THINGS_MAX).map(objectOf);
  const found = listOf(detections ?? [], THINGS_MAX).map(objectOf);
  const outlines = [
    ...listOf(lines ?? [], THINGS_MAX).map((line) => listOf(objectOf(line).polygon, POINTS_MAX).map(pointOf)),
    ...found.map(({ box }) => cornersOf(objectOf(box))),
  ];
  return Object.freeze({
    name,
    text: /** @type {string} */ (text),
    ...(best ? { best: { label: textOf(best.label), classId: classIdOf(best.class_id), confidence: numberOf(best.confidence, 0, 1) } } : {}),
    found: Object.freeze(found.map(({ label }) => textOf(label))),
    outlines: Object.freeze(outlines),
    json,
  });
}

/** @param {unknown} value @returns {Point} */
function pointOf(value) {
  const [x, y] = listOf(value, 2);
  return Object.freeze({ x: numberOf(x, -FAR, FAR), y: numberOf(y, -FAR, FAR) });
}

/** @param {Readonly<Record<string, unknown>>} box @returns {Point[]} */
function cornersOf({ x1, y1, x2, y2 }) {
  return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]].map(pointOf);
}

/** What an attribute comes to, in the language that is spoken; '' if that is nothing. @param {Attribute} attribute */
function saidOf({ text, best, found }) {
  if (best) return labelName(best.label);
  return found.length > 0 ? counted(found.map(labelName)) : text;
}

/** @param {readonly string[]} labels */
function counted(labels) {
  return [...new Set(labels)].map((label) => {
    const many = labels.filter((one) => one === label).length;
    return many === 1 ? label : `${label} × ${many}`;
  }).join(', ');
}

/** What is read in a row, below its label. @param {Detection} detection @returns {Readonly<{note?: string}>} */
export function noteOf({ attributes = [] }) {
  const said = attributes.map((one) => ({ ...one, value: saidOf(one) })).filter(({ value }) => value !== '');
  const notes = said.map(({ name, value, best }) => {
    return words.attributes.note(name, best ? `${value} ${texts.percent(best.confidence)}` : value);
  });
  return notes.length === 0 ? {} : { note: notes.join(' · ') };
}

/** What follows a label in the picture, cut as in that which the API draws. @param {Detection} detection */
export function shortNoteOf({ attributes = [] }) {
  const said = Array.from(attributes.map(saidOf).filter(Boolean).join(', '));
  const short = said.length > SHORT ? `${said.slice(0, SHORT).join('').trimEnd()}…` : said.join('');
  return short && ` · ${short}`;
}

/** All that can be looked for in a detection. @param {Detection} detection */
export function searchedOf({ label, attributes = [] }) {
  return [label, labelName(label), ...attributes.flatMap((one) => [saidOf(one), one.text])].join('\n');
}

/** @type {WeakMap<Detection, Detection>} */
const silenced = new WeakMap();

/** The same thing, of which nothing more is said: always the same one. @param {Detection} detection @returns {Detection} */
export function withoutAttributes(detection) {
  if (!detection.attributes) return detection;
  const { attributes, ...bare } = detection;
  const known = silenced.get(detection) ?? Object.freeze(bare);
  silenced.set(detection, known);
  return known;
}
