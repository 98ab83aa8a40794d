/** The segments of an answer (api/tasks/segmentation/openapi.yaml), checked field by field. */

import { classIdOf, insist, listOf, numberOf, objectOf, textOf } from '../checks.js';
import { stoppedIn } from '../stopped.js';
import { createClassMap } from './class-map.js';
import { createMasks } from './masks.js';

/** @typedef {import('./types.js').Size} Size */

const CLASSES_MAX = 65_536; // the values that a pixel of the mask can have
const MASK_MAX_CHARS = 32 * 1024 * 1024;
const MASK_URL = /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/;

/**
 * @param {Readonly<Record<string, unknown>>} json
 * @param {Size} size
 * @returns {import('./types.js').Result}
 * @throws {import('../checks.js').BadAnswer}
 */
export function parseSegments(json, size) {
  const { labels, background, mask, width, height } = objectOf(json.segments);
  insist(width === size.width && height === size.height);
  insist(typeof mask === 'string' && mask.length <= MASK_MAX_CHARS && MASK_URL.test(mask));
  const maskOf = createMasks(/** @type {string} */ (mask), size);
  const all = listOf(labels, CLASSES_MAX).map((item) => {
    const { label, class_id: classId, share } = objectOf(item);
    return { label: textOf(label), classId: classIdOf(classId), share: numberOf(share, 0, 1) };
  });
  const segments = all.filter(({ classId }) => classId !== background);
  return Object.freeze({
    size,
    segments: Object.freeze(segments.map((one) => Object.freeze({ ...one, mask: maskOf(one.classId) }))),
    background: all.find(({ classId }) => classId === background) ?? null,
    mask: /** @type {string} */ (mask),
    classMap: createClassMap(/** @type {string} */ (mask)),
    ...stoppedIn(json),
  });
}
