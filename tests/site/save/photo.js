/** A photograph with detections whose every text is hostile or odd, and whose boxes are at the borders. */

import { detection } from '../tasks/detections.js';

export const NASTY = `</name><script>alert("1")</script> & 'it' ]]> \u0000\u202e\ud800 é😀`;

export const photo = Object.freeze({ name: 'dog.jpg', size: Object.freeze({ width: 768, height: 576 }) });

export const found = Object.freeze([
  detection([130.1234, 220.4, 309.8, 542], { confidence: 0.98765432 }),
  detection([0, 0, 768, 576], { label: 'truck', classId: 7, confidence: 0.5 }),
  detection([767.6, 575.7, 768, 576], { label: NASTY, classId: 2, confidence: 1, edited: true }),
]);
