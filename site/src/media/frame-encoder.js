/** Makes JPEGs of what a camera shows, in a worker, so that nothing on the page waits for it. */

/** @typedef {{resolve: (blob: Blob) => void, reject: (error: unknown) => void}} Order */

/** @param {() => Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>} [spawn] */
export function createFrameEncoder(spawn = spawnWorker) {
  /** @type {Map<number, Order>} */
  const orders = new Map();
  let last = 0;
  const worker = spawn();
  worker.addEventListener('message', (event) => {
    const { id, blob, message } = /** @type {MessageEvent<{id: number, blob?: Blob, message?: string}>} */ (event).data;
    const order = orders.get(id);
    orders.delete(id);
    if (blob) order?.resolve(blob);
    else order?.reject(new Error(message));
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    giveUp(Object.assign(new Error('The worker cannot be loaded.'), { kind: 'missing-part' }));
  });

  /** @param {unknown} reason */
  function giveUp(reason) {
    worker.terminate();
    for (const { reject } of orders.values()) reject(reason);
    orders.clear();
  }

  return {
    /**
     * @param {ImageBitmap} bitmap is closed
     * @param {number} quality 0..1
     * @returns {Promise<Blob>}
     */
    encode: (bitmap, quality) =>
      new Promise((resolve, reject) => {
        last += 1;
        orders.set(last, { resolve, reject });
        worker.postMessage({ id: last, bitmap, quality }, [bitmap]);
      }),

    close: () => giveUp(new DOMException('The camera is closed.', 'AbortError')),
  };
}

function spawnWorker() {
  return new Worker(new URL('./frame-worker.js', import.meta.url), { type: 'module' });
}
