/**
 * The picture with its boxes as a JPEG, drawn at full size as the API draws it (api/tasks/detection/draw.py); only the
 * font is the browser's. It carries no metadata: its pixels are all that is kept of the file. No document is needed.
 */

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Size} Size */

/**
 * @typedef {Readonly<{line: number, text: number, padding: number}>} Style in pixels
 *
 * @typedef {Readonly<{
 *   size: Size,
 *   colourOf: (classId: number) => string,
 *   textOf: (detection: Detection) => string,
 *   placeLabels: (boxes: readonly Box[], labelSizes: readonly Size[], pictureSize: Size) => Box[],
 * }>} Drawing size: of the picture that the boxes are measured in
 */

const DARK = '#111111';
const LIGHT = '#ffffff';
const FONT = 'system-ui, sans-serif';
const QUALITY = 0.92;
// iOS leaves a canvas of more pixels than this empty.
const PIXELS_EVERYWHERE = 16_777_216;

/**
 * Draw the detections onto a picture.
 *
 * @param {ImageBitmap} bitmap upright; may be larger or smaller than the picture that the boxes are measured in
 * @param {readonly Detection[]} detections most confident first; the first is on top
 * @param {Drawing} drawing
 * @returns {Promise<Blob>} image/jpeg, of the bitmap's size, or of the largest that this browser can draw
 */
export async function drawPicture(bitmap, detections, drawing) {
  const canvas = createCanvas(bitmap) ?? createCanvas(bitmap, PIXELS_EVERYWHERE);
  const context = canvas?.getContext('2d');
  if (!canvas || !context) throw new Error('This browser gives no canvas.');
  context.fillStyle = LIGHT;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  drawDetections(context, canvas, detections, drawing);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  if (blob.type !== 'image/jpeg') throw new Error('This browser writes no JPEG.');
  return blob;
}

/**
 * Sizes that keep lines and text at the same share of every picture, and text never smaller than can be read.
 *
 * @param {Size} size
 * @returns {Style}
 */
export function styleFor({ width, height }) {
  const side = Math.sqrt(width * height);
  const text = Math.min(Math.max(12, Math.round(side / 36)), 96);
  return Object.freeze({ line: Math.max(1, Math.round(side / 280)), text, padding: Math.max(2, Math.floor(text / 4)) });
}

/**
 * @param {Size} size
 * @param {number} [pixelsMax]
 * @returns {OffscreenCanvas | null} null when the browser would leave it empty
 */
function createCanvas({ width, height }, pixelsMax = Infinity) {
  const scale = Math.min(1, Math.sqrt(pixelsMax / (width * height)));
  const canvas = new OffscreenCanvas(Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale)));
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.fillStyle = LIGHT;
  context.fillRect(canvas.width - 1, canvas.height - 1, 1, 1);
  return context.getImageData(canvas.width - 1, canvas.height - 1, 1, 1).data[3] === 255 ? canvas : null;
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Size} canvas
 * @param {readonly Detection[]} detections
 * @param {Drawing} drawing
 */
function drawDetections(context, canvas, detections, { size, colourOf, textOf, placeLabels }) {
  const { line, text, padding } = styleFor(canvas);
  const [scaleX, scaleY] = [canvas.width / size.width, canvas.height / size.height];
  const boxes = detections.map(({ box: { x1, y1, x2, y2 } }) => ({
    x1: x1 * scaleX, y1: y1 * scaleY, x2: x2 * scaleX, y2: y2 * scaleY,
  }));
  const colours = detections.map(({ classId }) => colourOf(classId));
  for (let index = detections.length - 1; index >= 0; index -= 1) {
    drawBox(context, /** @type {Box} */ (boxes[index]), colours[index] ?? DARK, line);
  }

  context.font = `${text}px ${FONT}`;
  context.textBaseline = 'alphabetic';
  const words = detections.map(textOf);
  const inks = words.map((word) => context.measureText(word));
  const plateSizes = inks.map((ink) => ({
    width: Math.ceil(ink.actualBoundingBoxRight) + 2 * padding,
    height: Math.ceil(ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent) + 2 * padding,
  }));
  const places = placeLabels(boxes, plateSizes, { width: canvas.width, height: canvas.height });
  places.forEach(({ x1, y1, x2, y2 }, index) => {
    context.fillStyle = DARK;
    context.fillRect(x1, y1, x2 - x1, y2 - y1);
    context.fillStyle = colours[index] ?? DARK;
    context.fillRect(x1 + 1, y1 + 1, x2 - x1 - 2, y2 - y1 - 2);
    context.fillStyle = DARK;
    const ascent = inks[index]?.actualBoundingBoxAscent ?? 0;
    context.fillText(words[index] ?? '', x1 + padding, y1 + padding + ascent, Math.max(1, x2 - x1 - 2 * padding));
  });
}

/**
 * A line in the class's colour, between a dark one outside and a light one inside.
 *
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Box} box
 * @param {string} colour
 * @param {number} line
 */
function drawBox(context, { x1, y1, x2, y2 }, colour, line) {
  for (const { inset, width, ink } of [
    { inset: -1, width: 1, ink: DARK },
    { inset: 0, width: line, ink: colour },
    { inset: line, width: 1, ink: LIGHT },
  ]) {
    // Whole pixels, the last ones included, as Pillow takes them.
    const [left, top] = [Math.trunc(x1 + inset), Math.trunc(y1 + inset)];
    const [right, bottom] = [Math.trunc(x2 - 1 - inset), Math.trunc(y2 - 1 - inset)];
    if (right < left || bottom < top) continue;
    context.fillStyle = ink;
    const [across, down] = [right - left + 1, bottom - top + 1];
    context.fillRect(left, top, across, Math.min(width, down));
    context.fillRect(left, Math.max(top, bottom - width + 1), across, Math.min(width, down));
    context.fillRect(left, top, Math.min(width, across), down);
    context.fillRect(Math.max(left, right - width + 1), top, Math.min(width, across), down);
  }
}
