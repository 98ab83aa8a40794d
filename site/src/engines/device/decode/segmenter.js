/** The family "segmenter": the class of each pixel (api/tasks/segmentation/segmenter.py). */

import { encodeClassMap } from './class-map-file.js';
import { mapClasses } from './class-map.js';

const BACKGROUND = 'background';
const BYTE_CLASSES = 256;
const CLASSES_MAX = 65_536;

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createSegmenter({ output, labels }) {
  const named = labels.indexOf(BACKGROUND);
  /** @type {number | null} */
  const background = output.background ?? (named < 0 ? null : named);
  return async (outputs, letterbox) => {
    const raw = outputs[output.name];
    if (!raw) throw new Error(`The network gave no ${output.name}.`);
    const { width, height } = letterbox.picture;
    const ids = new (labels.length <= BYTE_CLASSES ? Uint8Array : Uint16Array)(width * height);
    mapClasses(raw, output.layout, letterbox, ids);
    const mask = await encodeClassMap({ ids, width, height }, background);
    return { segments: { labels: segmentsOf(ids, labels), background, mask, width, height } };
  };
}

/** The classes that are there, the largest first. @param {Uint8Array | Uint16Array} ids @param {readonly string[]} labels */
function segmentsOf(ids, labels) {
  const counts = new Uint32Array(CLASSES_MAX);
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return [...counts.entries()]
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([classId, count]) => ({ label: labels[classId] ?? `class ${classId}`, class_id: classId, share: count / ids.length }));
}
