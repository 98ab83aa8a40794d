/**
 * Pascal VOC's form of annotations: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/ ("Development kit"). Boxes
 * are given by their first and last pixels, which count from 1.
 */

import { escapeMarkup } from '../../../save/markup.js';

/** @typedef {import('./annotations.js').Photo} Photo */
/** @typedef {import('../types.js').Detection} Detection */

/**
 * @param {Photo} photo
 * @param {readonly Detection[]} detections
 * @returns {string} XML
 */
export function toVoc({ name, size }, detections) {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<annotation>',
    '  <folder>images</folder>',
    `  <filename>${escapeMarkup(name)}</filename>`,
    '  <size>',
    `    <width>${size.width}</width>`,
    `    <height>${size.height}</height>`,
    '    <depth>3</depth>',
    '  </size>',
    '  <segmented>0</segmented>',
    ...detections.flatMap((detection) => objectLines(detection, size)),
    '</annotation>',
    '',
  ].join('\n');
}

/**
 * @param {Detection} detection
 * @param {import('../../../media/types.js').Size} size
 */
function objectLines({ label, box }, { width, height }) {
  const [left, right] = pixels(box.x1, box.x2, width);
  const [top, bottom] = pixels(box.y1, box.y2, height);
  return [
    '  <object>',
    `    <name>${escapeMarkup(label)}</name>`,
    '    <pose>Unspecified</pose>',
    '    <truncated>0</truncated>',
    '    <difficult>0</difficult>',
    '    <bndbox>',
    `      <xmin>${left}</xmin>`,
    `      <ymin>${top}</ymin>`,
    `      <xmax>${right}</xmax>`,
    `      <ymax>${bottom}</ymax>`,
    '    </bndbox>',
    '  </object>',
  ];
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} length
 * @returns {[number, number]} the first and the last pixel between, at least one of them
 */
function pixels(from, to, length) {
  const first = Math.min(Math.round(from) + 1, length);
  return [first, Math.max(first, Math.min(Math.round(to), length))];
}
