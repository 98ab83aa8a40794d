/** How outputs are read, by the card's family: the families that a device can read. */

import { createBoxes } from './boxes.js';
import { createClassifier } from './classifier.js';
import { createDarknet } from './darknet.js';
import { createDetr } from './detr.js';
import { createScoredBoxes } from './scored-boxes.js';
import { createSegmenter } from './segmenter.js';
import { createUltralytics } from './ultralytics.js';
import { createYolox } from './yolox.js';
import { createYunet } from './yunet.js';

/** @type {Readonly<Record<string, (card: import('../types.js').Card) => import('../types.js').Decode>>} */
export const families = Object.freeze({
  'boxes': createBoxes,
  'classifier': createClassifier,
  'darknet': createDarknet,
  'detr': createDetr,
  'scored-boxes': createScoredBoxes,
  'segmenter': createSegmenter,
  'ultralytics': createUltralytics,
  'yolox': createYolox,
  'yunet': createYunet,
});
