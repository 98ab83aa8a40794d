/**
 * Asks the worker to prepare photographs, and does it here where there is none: in a browser without module workers, without
 * canvases in workers, or under a policy that forbids them.
 */

/** @typedef {import('./types.js').PreparedImage} PreparedImage */

/**
 * @typedef {Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>} WorkerLike
 *
 * @typedef {(file: File, signal: AbortSignal) => Promise<PreparedImage>} Prepare see `prepareImage`; the errors have the same
 *   `kind`
 *
 * @typedef {{
 *   file: File,
 *   signal: AbortSignal,
 *   resolve: (output: PreparedImage) => void,
 *   reject: (error: unknown) => void,
 * }} Order
 */

const IDLE_AFTER_MS = 2_000; // in Safari, which does not tell when it is idle

/**
 * @param {{spawn?: () => WorkerLike | null, prepareHere?: Prepare}} [how] spawn: start a worker, or null where there can be
 *   none. prepareHere: what does the work in its place
 * @returns {Prepare}
 */
export function createPreparer({ spawn = spawnWorker, prepareHere = importAndPrepare } = {}) {
  /** @type {Map<number, Order>} */
  const orders = new Map();
  /** @type {WorkerLike | null | undefined} undefined until there is something to do */
  let worker;
  let last = 0;

  /** @returns {WorkerLike | null} */
  function start() {
    try {
      const started = spawn();
      started?.addEventListener('message', (event) => settle(/** @type {MessageEvent} */ (event).data));
      // Without a word when it cannot be loaded, with one when it breaks: both end it.
      started?.addEventListener('error', (event) => {
        event.preventDefault();
        giveUp();
      });
      started?.addEventListener('messageerror', giveUp);
      return started;
    } catch {
      return null; // a policy or an old browser, which each say so in words of their own
    }
  }

  /** Do without the worker from now on, what was asked of it included. */
  function giveUp() {
    worker?.terminate();
    worker = null;
    const open = [...orders.values()];
    orders.clear();
    for (const { file, signal, resolve, reject } of open) prepareHere(file, signal).then(resolve, reject);
  }

  /** @param {{id: number, output?: PreparedImage, problem?: import('./worker.js').Problem}} message */
  function settle({ id, output, problem }) {
    const order = orders.get(id);
    if (!order) return; // cancelled meanwhile
    orders.delete(id);
    if (output) order.resolve(output);
    else order.reject(Object.assign(new Error(problem?.message), { name: problem?.name, kind: problem?.kind }));
  }

  /** @param {number} id */
  function cancel(id) {
    const order = orders.get(id);
    if (!order) return;
    orders.delete(id);
    worker?.postMessage({ id, cancel: true });
    order.reject(order.signal.reason);
  }

  return async (file, signal) => {
    signal.throwIfAborted();
    if (worker === undefined) worker = start();
    if (!worker) return prepareHere(file, signal);
    const asked = worker;
    return new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      asked.postMessage({ id, file });
      orders.set(id, { file, signal, resolve, reject });
      signal.addEventListener('abort', () => cancel(id), { once: true });
    });
  };
}

/** @returns {WorkerLike | null} */
function spawnWorker() {
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') return null;
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

/** Load what would do the work here, as soon as there is nothing else to do: when the network has gone it is too late. */
export function loadWhenIdle() {
  const load = () => void import('./prepare.js').catch(() => {}); // asked for again when it is needed
  if ('requestIdleCallback' in globalThis) requestIdleCallback(load);
  else setTimeout(load, IDLE_AFTER_MS);
}

/** @type {Prepare} */
async function importAndPrepare(file, signal) {
  const { prepareImage } = await import('./prepare.js').catch((cause) => {
    throw Object.assign(new Error('A part of the page cannot be loaded.', { cause }), { kind: 'unreachable' });
  });
  signal.throwIfAborted();
  return prepareImage(file, signal);
}
