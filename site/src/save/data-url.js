/** A picture within a text. */

const CHUNK_BYTES = 3 * 4096; // a multiple of 3, so that Base64 needs no filling in between
const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'];

/**
 * @param {Blob} picture
 * @returns {Promise<string>}
 */
export async function dataUrlOf(picture) {
  if (!PICTURE_TYPES.includes(picture.type)) throw new TypeError(`not every browser shows ${picture.type}`);
  const bytes = new Uint8Array(await picture.arrayBuffer());
  /** @type {string[]} */
  const letters = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    letters.push(btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES))));
  }
  return `data:${picture.type};base64,${letters.join('')}`;
}

/** @param {Blob | string} photograph a picture, or one as a data URL of base64 */
export function blobOf(photograph) {
  if (typeof photograph !== 'string') return photograph;
  const [head = '', base64 = ''] = photograph.split(',');
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: /^data:([^;]*)/.exec(head)?.[1] ?? '' });
}
