/** How large labels are, how many of them a picture takes, and where they go. */

import { placeLabels } from './label-placement.js';
import { FONT } from './style.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').MarkGroup} MarkGroup */
/** @typedef {import('./types.js').Size} Size */
/** @typedef {import('./style.js').Style} Style */

/** @typedef {Readonly<{text: string, place: Box, isCrowdedOut: boolean}>} Label place: of its plate */

const LABELS_MAX = 60;
const LABELS_SHARE = 0.2; // of the picture
const MEASURED_AT = 100; // pixels

/** @type {CanvasRenderingContext2D | null | undefined} */
let measure;
/** @type {Map<string, number>} */
const widths = new Map();

/**
 * Place the label of each group that has one. Earlier groups have the better places.
 *
 * @param {readonly MarkGroup[]} groups
 * @param {Style} style
 * @param {Size} picture
 * @param {boolean} isCrowded whether labels that leave no room for the picture, or would cover others, are crowded out;
 *   their place is then at the corner of their box
 * @returns {(Label | null)[]} of each group
 */
export function layLabels(groups, style, picture, isCrowded) {
  const marks = groups.map(({ marks: all }) => all.find((mark) => mark.kind === 'label') ?? null);
  const labelled = marks.flatMap((mark) => (mark?.kind === 'label' ? [mark] : []));
  const sizes = labelled.map(({ text }) => plateSize(text, style));
  const fitting = isCrowded ? labelsThatFit(sizes, picture) : sizes;
  const laid = placeLabels(labelled.slice(0, fitting.length).map(({ box }) => box), fitting, picture);
  const places = isCrowded ? withoutCovered(laid) : laid;
  let next = 0;
  return marks.map((mark) => {
    if (mark?.kind !== 'label') return null;
    const index = next++;
    const place = places[index] ?? null;
    const size = sizes[index] ?? { width: 0, height: 0 };
    return { text: mark.text, place: place ?? cornerPlace(mark.box, size, picture), isCrowdedOut: place === null };
  });
}

/**
 * How much room a label takes.
 *
 * @param {string} text
 * @param {Style} style
 * @returns {Size}
 */
export function plateSize(text, style) {
  return {
    width: (widthOf(text) * style.text) / MEASURED_AT + 2 * style.padding,
    height: style.text + 2 * style.padding * 0.8,
  };
}

/** @param {string} text */
function widthOf(text) {
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (measure === undefined) measure = globalThis.document?.createElement('canvas').getContext('2d') ?? null;
  if (measure) measure.font = `${MEASURED_AT}px ${FONT}`;
  const width = measure?.measureText(text).width ?? text.length * 0.55 * MEASURED_AT;
  if (widths.size > 5000) widths.clear();
  widths.set(text, width);
  return width;
}

/**
 * How many labels a picture takes before they hide it. Those beyond show when their thing is lit.
 *
 * @param {readonly Size[]} sizes
 * @param {Size} picture
 * @returns {Size[]} the first ones
 */
export function labelsThatFit(sizes, picture) {
  let room = picture.width * picture.height * LABELS_SHARE;
  const fitting = [];
  for (const size of sizes.slice(0, LABELS_MAX)) {
    room -= size.width * size.height;
    if (room < 0 && fitting.length > 0) break;
    fitting.push(size);
  }
  return fitting;
}

/**
 * Leave out places that cover an earlier one: half a label says nothing.
 *
 * @param {readonly Box[]} places
 * @returns {(Box | null)[]}
 */
export function withoutCovered(places) {
  /** @type {Box[]} */
  const kept = [];
  return places.map((place) => {
    const isFree = kept.every(
      (other) => other.x2 <= place.x1 || other.x1 >= place.x2 || other.y2 <= place.y1 || other.y1 >= place.y2,
    );
    if (isFree) kept.push(place);
    return isFree ? place : null;
  });
}

/**
 * Above the box at the left, but in the picture.
 *
 * @param {Box} box
 * @param {Size} plate
 * @param {Size} picture
 * @returns {Box}
 */
function cornerPlace(box, plate, picture) {
  const x1 = Math.max(0, Math.min(box.x1, picture.width - plate.width));
  const y1 = Math.max(0, Math.min(box.y1 - plate.height, picture.height - plate.height));
  return { x1, y1, x2: x1 + plate.width, y2: y1 + plate.height };
}
