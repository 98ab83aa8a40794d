/** The page's end of the worker: starts it when it is needed, and loads the model once. Comes with the first picture. */

import { device } from 'virtual:device';
import { textOf } from '../../tasks/checks.js';
import { doorOf } from '../../tasks/doors.js';

/** @typedef {import('../contract.js').Engine} Engine */
/** @typedef {import('./types.js').ModelFile} ModelFile */
/** @typedef {Readonly<{resolve: (output: any) => void, reject: (error: Error) => void, onBytes?: (bytes: number) => void}>} Order */

/** What a device cannot do, or could not load. `kind` names the text that explains it. */
export class DeviceProblem extends Error {
  /** @param {'device-loading' | 'device-failed' | 'device-unreadable'} kind @param {unknown} [cause] */
  constructor(kind, cause) {
    super(kind, { cause });
    this.name = 'DeviceProblem';
    this.kind = kind;
  }
}

const RUNTIME = new URL(device?.runtime ?? '', document.baseURI).href;
const MODEL = new URL(device?.model ?? '', document.baseURI).href;

/** @returns {Promise<ModelFile>} what device/model.json says */
async function readModelFile() {
  try {
    const response = await fetch(MODEL, { cache: 'no-cache', credentials: 'omit' });
    return Object.freeze(await response.json());
  } catch (cause) {
    throw new DeviceProblem('device-loading', cause);
  }
}

export function createComputer() {
  /** @type {Promise<ModelFile> | undefined} */
  let described;
  /** @type {Promise<Worker> | undefined} */
  let ready;
  let isLoaded = false;
  let last = 0;
  let bytes = 0;
  /** @type {Map<number, Order>} */
  const orders = new Map();
  /** @type {Set<() => void>} */
  const watchers = new Set();

  /** Once for all that ask. @returns {Promise<ModelFile>} */
  const describe = () => (described ??= readModelFile().catch((error) => {
    described = undefined;
    throw error;
  }));

  /** @returns {Promise<Worker>} that has its model */
  const load = () => (ready ??= start().catch((error) => {
    ready = undefined;
    bytes = 0;
    throw error;
  }));

  async function start() {
    const { file, card } = await describe();
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }) => hear(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      giveUp(worker, event.message);
    });
    const onBytes = (/** @type {number} */ loaded) => {
      bytes = loaded;
      watchers.forEach((watch) => watch());
    };
    const loaded = { runtime: RUNTIME, model: new URL(file, MODEL).href, card };
    await order(worker, { load: loaded }, [], onBytes).catch((cause) => {
      worker.terminate();
      throw new DeviceProblem('device-loading', cause);
    });
    isLoaded = true;
    return worker;
  }

  /** @param {{id: number, bytes?: number, output?: unknown, problem?: import('./worker.js').Problem}} message */
  function hear({ id, bytes: loaded, output, problem }) {
    const open = orders.get(id);
    if (loaded !== undefined) return open?.onBytes?.(loaded);
    orders.delete(id);
    if (problem === undefined) return open?.resolve(output);
    return open?.reject(Object.assign(new Error(problem.message), { kind: problem.kind }));
  }

  /** It cannot be loaded, or has broken: the next picture has another. @param {Worker} worker @param {string} reason */
  function giveUp(worker, reason) {
    worker.terminate();
    ready = undefined;
    isLoaded = false;
    const open = [...orders.values()];
    orders.clear();
    for (const { reject } of open) reject(new Error(reason));
  }

  /**
   * @param {Worker} worker
   * @param {object} message
   * @param {Transferable[]} transferred
   * @param {(bytes: number) => void} [onBytes]
   * @returns {Promise<any>}
   */
  function order(worker, message, transferred, onBytes) {
    return new Promise((resolve, reject) => {
      last += 1;
      orders.set(last, { resolve, reject, ...(onBytes && { onBytes }) });
      worker.postMessage({ id: last, ...message }, transferred);
    });
  }

  return {
    labels: async () => (await describe()).card.labels,
    defaults: async () => (await describe()).defaults,

    /** @returns {Promise<readonly import('../contract.js').Model[]>} */
    async models() {
      const { name, task, labels, skeleton } = (await describe()).card;
      return [{ name, task, door: doorOf({ name, task, labels }), ...(skeleton?.length ? { skeleton } : {}) }];
    },

    /** Whether nothing more needs to be loaded: it is there, or the browser keeps it. */
    async isReady() {
      if (isLoaded) return true;
      const { file } = await describe();
      const kept = [RUNTIME, new URL(file, MODEL).href].map((url) => globalThis.caches?.match(url));
      return (await Promise.all(kept)).every(Boolean);
    },

    /** @type {Engine['run']} */
    async run(picture, { fields, signal, onStage }) {
      const { card, defaults } = await unlessAborted(describe(), signal);
      const all = device?.bytes ?? 1;
      const watch = () => onStage({ name: 'loading', fraction: Math.min(1, bytes / all), bytes: all, model: card.name });
      if (!isLoaded) watch();
      watchers.add(watch);
      const worker = await unlessAborted(load(), signal).finally(() => watchers.delete(watch));
      onStage({ name: 'computing' });
      const { name, message, transferred } = orderOf(picture);
      const asked = order(worker, { picture: message, options: { ...defaults, ...fields } }, transferred).catch((cause) => {
        throw new DeviceProblem(cause.kind === 'unreadable' ? 'device-unreadable' : 'device-failed', cause);
      });
      const { json, width, height, timings } = await unlessAborted(asked, signal);
      return Object.freeze({ name, task: textOf(card.task), model: card.name, width, height, image: null, timings, json });
    },
  };
}

/** @param {Parameters<Engine['run']>[0]} picture */
function orderOf(picture) {
  if ('frame' in picture) {
    const { frame, name, size } = picture;
    return { name, message: { frame, size }, transferred: [frame] };
  }
  return { name: picture.file.name, message: { file: picture.file }, transferred: [] };
}

/**
 * What is loaded goes on loading, but nobody waits for it.
 *
 * @template T
 * @param {Promise<T>} coming
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function unlessAborted(coming, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
