/** The pixels of what is looked at, as they are stored: a browser's own colours and scaling would change what is found. */

/** @typedef {import('./input/scale.js').Pixels} Pixels */
/** @typedef {ImageBitmap | VideoFrame} Frame of a camera */

const FRAME_SIDE = 640; // a camera's frames may have more, which no network reads

/** @type {OffscreenCanvas | null} used again for the next frame of the same size */
let canvas = null;

/**
 * Read a file that stands upright.
 *
 * @param {Blob} file
 * @returns {Promise<Pixels>}
 */
export async function pixelsOfFile(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' }).catch((cause) => {
    throw Object.assign(new Error('This browser cannot read the picture.', { cause }), { kind: 'unreadable' });
  });
  try {
    return read(bitmap, { width: bitmap.width, height: bitmap.height });
  } finally {
    bitmap.close();
  }
}

/**
 * Read a frame, made smaller if it is large, and close it.
 *
 * @param {Frame} frame
 * @returns {Pixels}
 */
export function pixelsOfFrame(frame) {
  try {
    const [width, height] = 'displayWidth' in frame ? [frame.displayWidth, frame.displayHeight] : [frame.width, frame.height];
    const factor = Math.min(1, FRAME_SIDE / Math.max(width, height));
    return read(frame, { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) });
  } finally {
    frame.close();
  }
}

/** @param {Frame} source @param {import('./types.js').Size} size */
function read(source, { width, height }) {
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no canvas.');
  context.fillStyle = '#fff'; // under what is transparent
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
