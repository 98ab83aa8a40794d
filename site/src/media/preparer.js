/**
 * Asks the worker, and does its work here where there is none: in a browser without module workers, without canvases in
 * workers, or under a policy that forbids them.
 */

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').PreparedImage} PreparedImage */
/** @typedef {import('../types.js').Size} Size */
/** @typedef {import('./jobs.js').Jobs} Jobs */

/**
 * @typedef {Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>} WorkerLike
 *
 * @typedef {{
 *   kind: string,
 *   input: unknown,
 *   signal: AbortSignal,
 *   resolve: (output: unknown) => void,
 *   reject: (error: unknown) => void,
 * }} Order
 *
 * @typedef {ReturnType<typeof createWorkerClient>} WorkerClient
 */

const NEVER = new AbortController().signal;

/**
 * @param {{spawn?: () => WorkerLike | null, loadJobs?: () => Promise<Jobs>}} [how] spawn: start a worker, or null where
 *   there can be none. loadJobs: what does the work in its place
 */
export function createWorkerClient({ spawn = spawnWorker, loadJobs = importJobs } = {}) {
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
    for (const order of open) void workHere(order);
  }

  /** @param {{id?: number, output?: unknown, problem?: import('./worker.js').Problem}} message */
  function settle({ id = 0, output, problem }) {
    const order = orders.get(id);
    if (!order) return; // cancelled meanwhile
    orders.delete(id);
    if (problem) order.reject(Object.assign(new Error(problem.message), { name: problem.name, kind: problem.kind }));
    else order.resolve(output);
  }

  /** @param {Order} order */
  async function workHere({ kind, input, signal, resolve, reject }) {
    try {
      const jobs = /** @type {Record<string, (input: unknown, signal: AbortSignal) => unknown>} */ (
        /** @type {unknown} */ (await loadJobs())
      );
      signal.throwIfAborted();
      resolve(await jobs[kind]?.(input, signal));
    } catch (error) {
      reject(error);
    }
  }

  /**
   * @param {string} kind
   * @param {unknown} input
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  function ask(kind, input, signal = NEVER) {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const order = { kind, input, signal, resolve, reject };
      if (worker === undefined) worker = start();
      if (!worker) return void workHere(order);
      last += 1;
      const id = last;
      worker.postMessage({ id, kind, input });
      orders.set(id, order);
      signal.addEventListener('abort', () => cancel(id), { once: true });
    });
  }

  /** @param {number} id */
  function cancel(id) {
    const order = orders.get(id);
    if (!order) return;
    orders.delete(id);
    worker?.postMessage({ id, cancel: true });
    order.reject(order.signal.reason);
  }

  return {
    /**
     * See `prepareImage`; the errors have the same `kind`.
     *
     * @param {File} file
     * @param {AbortSignal} signal
     * @returns {Promise<PreparedImage>}
     */
    prepare: (file, signal) => ask('prepare', file, signal),

    /**
     * See `suppress`; what comes back are copies.
     *
     * @param {readonly Detection[]} candidates
     * @param {Readonly<{confidence: number, iou: number, maxDetections: number}>} limits
     * @param {AbortSignal} [signal]
     * @returns {Promise<Detection[]>}
     */
    suppress: (candidates, limits, signal) => ask('suppress', { candidates, limits }, signal),

    /**
     * See `placeLabels`.
     *
     * @param {readonly Box[]} boxes
     * @param {readonly Size[]} labelSizes
     * @param {Size} pictureSize
     * @param {AbortSignal} [signal]
     * @returns {Promise<Box[]>}
     */
    place: (boxes, labelSizes, pictureSize, signal) => ask('place', { boxes, labelSizes, pictureSize }, signal),
  };
}

/** @returns {WorkerLike | null} */
function spawnWorker() {
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') return null;
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

async function importJobs() {
  return (await import('./jobs.js')).jobs;
}
