/**
 * The worker that encodes what a camera shows: `{id, bitmap, quality}` in, which it closes, `{id, blob}` or `{id, message}` out.
 */

/** @type {OffscreenCanvas | undefined} */
let canvas;

self.addEventListener('message', async ({ data: { id, bitmap, quality } }) => {
  try {
    self.postMessage({ id, blob: await encode(bitmap, quality) });
  } catch (error) {
    self.postMessage({ id, message: String(error) });
  } finally {
    bitmap.close();
  }
});

/**
 * @param {ImageBitmap} bitmap
 * @param {number} quality 0..1
 * @returns {Promise<Blob>} a JPEG
 */
async function encode(bitmap, quality) {
  const { width, height } = bitmap;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality });
}
