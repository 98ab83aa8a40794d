/**
 * Detections of a video: objects that are followed from frame to frame, and move between the frames that were analysed.
 */

import { classColour } from '../../../marks/colour.js';
import { labelName } from '../../../texts/texts.js';
import { classIdOf, listOf, numberOf, objectOf, textOf } from '../../checks.js';
import { matcherOf } from '../../search.js';
import { createControls } from '../controls.js';
import { keyOf, parseDetections } from '../parse.js';
import { between } from './between.js';
import { formats } from './formats.js';

/** @typedef {import('../types.js').Choice} Choice */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Result} Result */
/** @typedef {import('../types.js').Shown} Shown */

const TRACKS_MAX = 100_000;
const LONGEST_S = 1e6;
const ATTRIBUTES_MAX = 20;

/** @type {import('../../contract.js').Frames<Result, Shown, Choice>} */
export const frames = Object.freeze({
  parse,
  between,
  things: thingsOf,
  isSeen: ({ name, label, confidence }, { hidden, find, ...choice }) =>
    confidence >= choice.confidence && !hidden.includes(label) && matcherOf(find)(`${label} ${name}`),
  // What moves cannot be made unrecognisable by boxes that are guessed between two frames; the server's own drawing can.
  choose: (choice) => (choice.blurred.length > 0 ? { ...choice, blurred: [] } : choice),
  finish: (shown, things, choice) => ({ ...shown, blurrable: [], covered: [], hasChips: true, classes: classesOf(things, choice) }),
  rows: (rows, { detections }) => rows.map((row, index) => ({ ...row, label: nameOf(/** @type {Detection} */ (detections[index])) })),
  controls: createControls,
  formats,
});

/**
 * As of a photograph; each candidate knows the track of the detection that came of it.
 *
 * @param {Readonly<Record<string, unknown>>} json
 * @param {import('../../../media/types.js').Size} size
 * @returns {Result}
 */
function parse(json, size) {
  const { detections, candidates } = parseDetections(json, size);
  const raw = listOf(json.detections, detections.length);
  /** @type {Map<string, number>} */
  const trackByKey = new Map();
  const tracked = detections.map((detection, index) => {
    const { track } = objectOf(raw[index]);
    if (track === undefined) return detection;
    const number = classIdOf(track);
    trackByKey.set(keyOf(detection), number);
    return Object.freeze({ ...detection, track: number });
  });
  const known = candidates.map((candidate) => {
    const track = trackByKey.get(keyOf(candidate));
    return track === undefined ? candidate : Object.freeze({ ...candidate, track });
  });
  return Object.freeze({ detections: Object.freeze(tracked), candidates: Object.freeze(known), size });
}

/** @param {Detection} detection */
function nameOf({ label, track }) {
  return track === undefined ? labelName(label) : `${labelName(label)} #${track}`;
}

/**
 * The kinds of a video: the same at each moment, so that nothing jumps.
 *
 * @param {readonly import('../../contract.js').Thing[]} things
 * @param {Choice} choice
 * @returns {import('../types.js').ClassCount[]} `many` of different things that are sure enough
 */
function classesOf(things, { confidence, hidden }) {
  const labels = [...new Set(things.map(({ label }) => label))];
  const grouped = labels.map((label) => ({ label, ofLabel: things.filter((thing) => thing.label === label) }));
  const mostFirst = grouped.sort((one, other) => other.ofLabel.length - one.ofLabel.length);
  return mostFirst.map(({ label, ofLabel }) => {
    const many = ofLabel.filter((thing) => thing.confidence >= confidence).length;
    return { label, classId: ofLabel[0]?.classId ?? 0, many, hidden: hidden.includes(label) };
  });
}

/** @param {Readonly<Record<string, unknown>>} json the whole result */
function thingsOf(json) {
  return listOf(json.tracks ?? [], TRACKS_MAX).map((item) => {
    const { id, label, class_id: classId, confidence, from_s: fromS, to_s: toS, attributes } = objectOf(item);
    const said = Object.values(objectOf(attributes ?? {})).slice(0, ATTRIBUTES_MAX).map((text) => textOf(text)).filter(Boolean);
    return Object.freeze({
      name: [`${labelName(textOf(label))} #${classIdOf(id)}`, ...said].join(' · '),
      label: textOf(label),
      classId: classIdOf(classId),
      colour: classColour(classIdOf(classId)),
      confidence: numberOf(confidence, 0, 1),
      fromS: numberOf(fromS, 0, LONGEST_S),
      toS: numberOf(toS, 0, LONGEST_S),
    });
  });
}
