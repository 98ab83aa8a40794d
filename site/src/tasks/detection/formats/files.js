/** Files of detections. Loaded when one is asked for. */

import { CLASSES_FILE, exportName } from '../../../save/names.js';
import { zip } from '../../../save/zip.js';
import { scaleDetections } from './annotations.js';
import { toCoco } from './coco.js';
import { toJson } from './json.js';
import { toCsv } from './table.js';
import { toVoc } from './voc.js';
import { toYolo, toYoloNames } from './yolo.js';

/** @typedef {import('../../../save/formats.js').Kept} Kept */

/**
 * @param {'json' | 'coco' | 'yolo' | 'voc' | 'csv'} id
 * @param {import('../../../save/formats.js').Subject} subject
 * @returns {Promise<Kept>}
 */
export async function makeFile(id, { name, size, answer, shown, choice, labels, originalSize }) {
  const { detections } = /** @type {import('../types.js').Shown} */ (shown);
  if (id === 'json') {
    const { confidence, iou } = /** @type {import('../types.js').Choice} */ (choice);
    return text(exportName(name, id), toJson({ name, size }, detections, { model: answer.model, confidence, iou }), 'application/json');
  }
  const full = await originalSize();
  const scaled = scaleDetections(detections, size, full);
  if (id === 'csv') return text(exportName(name, id), toCsv(scaled.map((one) => ({ one }))), 'text/csv');
  if (id === 'voc') return text(exportName(name, id), toVoc({ name, size: full }, scaled), 'application/xml');
  const names = (await labels()).map((label, classId) => ({ classId, label }));
  const { candidates, skeleton } = /** @type {import('../types.js').Result} */ (answer.result);
  const known = { classes: [...candidates, ...names], classCount: names.length, skeleton };
  if (id === 'coco') return text(exportName(name, id), toCoco({ name, size: full }, scaled, known), 'application/json');
  const files = [
    { name: exportName(name, 'yolo'), content: toYolo(full, scaled) },
    { name: CLASSES_FILE, content: toYoloNames(scaled, known) },
  ];
  return { name: exportName(name, 'yoloZip'), content: await zip(files), files };
}

/**
 * @param {string} name
 * @param {string} content
 * @param {string} type
 * @returns {Kept}
 */
function text(name, content, type) {
  return { name, content: new Blob([content], { type }) };
}
