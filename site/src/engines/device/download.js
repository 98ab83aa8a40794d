/** Fetches what the engine needs, and tells how far it is. */

const GZIP = [0x1f, 0x8b];

/**
 * Fetch a file that is compressed in itself, because not every host compresses what it sends. One that sends it as something
 * compressed has had it unpacked by the browser.
 *
 * @param {string} url
 * @param {(bytes: number) => void} onBytes how many more have come
 * @returns {Promise<Uint8Array<ArrayBuffer>>} unpacked
 */
export async function download(url, onBytes) {
  const response = await fetch(url, { credentials: 'omit' });
  if (!response.ok || !response.body) throw new Error(`${response.status} for ${url}`);
  const reader = response.body.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    onBytes(next.value.length);
  }
  const file = new Blob(parts);
  const [first, second] = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  const isPacked = first === GZIP[0] && second === GZIP[1];
  return bytesOf(isPacked ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream());
}

/** @param {ReadableStream} stream */
async function bytesOf(stream) {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
