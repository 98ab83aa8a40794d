/** The detections, filtered and corrected in the page, in the form in which the API answers (openapi.yaml). */

import { rounded } from './annotations.js';

/** @typedef {import('./annotations.js').Photo} Photo */
/** @typedef {import('../edit/history.js').EditedDetection} EditedDetection */

/**
 * @param {Photo} photo
 * @param {readonly EditedDetection[]} detections
 * @param {{model: string, confidence?: number, iou?: number}} made how the detections came about
 * @returns {string}
 */
export function toJson({ name, size }, detections, { model, confidence, iou }) {
  const result = {
    name,
    width: size.width,
    height: size.height,
    model,
    confidence,
    iou,
    detections: detections.map(({ label, classId, confidence: sure, box, polygon, keypoints, attributes, edited }) => ({
      label,
      class_id: classId,
      confidence: rounded(sure, 6),
      box: { x1: rounded(box.x1, 3), y1: rounded(box.y1, 3), x2: rounded(box.x2, 3), y2: rounded(box.y2, 3) },
      ...(polygon ? { polygon: polygon.map(({ x, y }) => [rounded(x, 3), rounded(y, 3)]) } : {}),
      ...(keypoints ? { keypoints } : {}),
      ...(attributes ? { attributes: Object.fromEntries(attributes.map((one) => [one.name, one.json])) } : {}),
      ...(edited ? { edited } : {}),
    })),
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}
