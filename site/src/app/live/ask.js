/** From a frame of a camera to what is shown of it. The engine that is chosen at that moment answers. */

import { learnLabels } from '../../texts/texts.js';
import { taskOf } from '../ask.js';

/** @typedef {import('../../engines/contract.js').Engine} Engine */
/** @typedef {import('../../tasks/contract.js').AnyTask} AnyTask */
/** @typedef {import('../../media/types.js').Size} Size */

/**
 * @typedef {Readonly<{
 *   task: AnyTask,
 *   model: string,
 *   engine: Engine,
 *   size: Size,
 *   shown: any,
 * }>} Seen of a frame: size is the frame's own
 */

const SERVER_EVERY_MS = 110; // a server's nginx lets 10 a second through (deploy/nginx/pagesight/limits.conf)

/**
 * @param {{
 *   engine: () => Promise<Engine>,
 *   tasks: readonly AnyTask[],
 *   choiceOf: (shelf: {task: AnyTask, model: string}) => any,
 *   model: () => Promise<string | null>,
 *   encode: (frame: ImageBitmap) => Promise<File>,
 *   onStage: (stage: import('../../engines/contract.js').Stage) => void,
 *   now?: () => number,
 * }} parts model: the name of the one that is asked, null for the engine's first
 */
export function createAskFrame({ engine: current, tasks, choiceOf, model, encode, onStage, now = () => performance.now() }) {
  /** By the engine's id, for the model stays the same. @type {Map<string, string | null>} */
  const models = new Map();
  /** @type {Seen | null} */
  let last = null;
  let sentAt = -Infinity;

  /** @param {Engine} engine */
  async function modelOf(engine) {
    if (!models.has(engine.id)) models.set(engine.id, await model());
    return models.get(engine.id) ?? null;
  }

  /** What is asked for, once it is known of which task the model is. @param {Engine} engine */
  async function fieldsFor(engine) {
    const known = last?.engine.id === engine.id ? last : null;
    const fields = known ? ((await known.task.live?.()) ?? known.task).fieldsOf(choiceOf(known)) : {};
    return { annotate: 'false', ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])) };
  }

  /** Wait until the engine may be asked again. @param {AbortSignal} signal */
  async function ready(signal) {
    if (last?.engine.place === 'server') await until(sentAt + SERVER_EVERY_MS - now(), signal);
  }

  /**
   * @param {ImageBitmap} frame is closed
   * @param {AbortSignal} signal
   * @returns {Promise<{answer: Seen, parts: Record<string, number>}>}
   */
  async function ask(frame, signal) {
    const engine = await current();
    const size = { width: frame.width, height: frame.height };
    const learnt = learnLabels();
    const began = now();
    const picture = engine.takesFrames ? { frame, name: 'camera', size } : { file: await encode(frame), upright: true, size };
    const asked = { task: null, model: await modelOf(engine), fields: await fieldsFor(engine), signal, onStage };
    sentAt = now();
    const envelope = await engine.run(picture, asked);
    const answered = now();
    const task = await taskOf(envelope, tasks);
    await learnt;
    const { model: name, width, height, json } = envelope;
    const isSame = last?.engine.id === engine.id && last.model === name;
    const shown = await refine(task, task.parse(json, { width, height }), choiceOf({ task, model: name }), isSame ? last?.shown : null);
    last = Object.freeze({ task, model: name, engine, size, shown });
    const { queue = 0, decode = 0, inference = 0 } = envelope.timings;
    const way = Math.max(0, answered - sentAt - queue - decode - inference);
    const parts = { encode: sentAt - began, way, queue, decode, inference, read: now() - answered };
    return { answer: last, parts };
  }

  return { ready, ask };
}

/** @param {AnyTask} task @param {unknown} result @param {any} choice @param {any} before */
async function refine(task, result, choice, before) {
  const live = await task.live?.();
  return live ? live.refine(result, choice, before) : task.refine(result, choice, null);
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal ends it sooner
 * @returns {Promise<void>}
 */
function until(ms, signal) {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end); // a signal outlives thousands of frames
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
