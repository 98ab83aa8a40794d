/** A canvas as large as this browser draws. No document is needed. */

import { LIGHT } from '../marks/style.js';

/** iOS leaves a canvas of more pixels than this empty. */
export const PIXELS_EVERYWHERE = 16_777_216;

/**
 * @param {import('../media/types.js').Size} size
 * @param {number} [pixelsMax]
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {OffscreenCanvas | null} null when the browser would leave it empty
 */
export function createCanvas({ width, height }, pixelsMax = Infinity, settings = {}) {
  const scale = Math.min(1, Math.sqrt(pixelsMax / (width * height)));
  const canvas = new OffscreenCanvas(Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale)));
  const context = canvas.getContext('2d', settings);
  if (!context) return null;
  context.fillStyle = LIGHT;
  context.fillRect(canvas.width - 1, canvas.height - 1, 1, 1);
  return context.getImageData(canvas.width - 1, canvas.height - 1, 1, 1).data[3] === 255 ? canvas : null;
}
