/**
 * The worker: loads the runtime and the model, and looks at one picture after the other.
 *
 * In: `{id, load}`, once, and then `{id, picture, options}`. Out: `{id, bytes}` while it loads, `{id, output}` or `{id, problem}`.
 */

import { families } from './decode/families.js';
import { download } from './download.js';
import { prepareInput } from './input/input.js';
import { place } from './input/letterbox.js';
import { createNetwork } from './network.js';
import { pixelsOfFile, pixelsOfFrame } from './pixels.js';

/**
 * @typedef {Readonly<{runtime: string, model: string, card: import('./types.js').Card}>} Load runtime and model: addresses
 * @typedef {Readonly<{file: Blob} | {frame: import('./pixels.js').Frame, size: import('./types.js').Size}>} Picture size: in
 *   whose pixels the answer is
 * @typedef {Readonly<{id: number, load?: Load, picture?: Picture, options?: import('./types.js').Options}>} Order
 * @typedef {Readonly<{message: string, kind: string}>} Problem kind: 'unreadable' of a picture that the browser cannot read
 * @typedef {Readonly<{json: Record<string, unknown>, width: number, height: number, timings: Record<string, number>}>} Output
 */

/** @type {{card: import('./types.js').Card, run: Awaited<ReturnType<typeof createNetwork>>, decode: import('./types.js').Decode} | null} */
let model = null;

self.addEventListener('message', async (event) => {
  const { id, load, picture, options = {} } = /** @type {Order} */ (event.data);
  try {
    if (load) await prepare(id, load);
    self.postMessage({ id, output: picture ? await look(picture, options) : null });
  } catch (error) {
    self.postMessage({ id, problem: problemOf(error) });
  }
});

/** @param {unknown} error @returns {Problem} */
function problemOf(error) {
  const { message, kind } = /** @type {Record<string, unknown>} */ (error ?? {});
  return { message: String(message ?? error), kind: typeof kind === 'string' ? kind : '' };
}

/** @param {number} id @param {Load} load */
async function prepare(id, { runtime, model: network, card }) {
  const create = families[card.family];
  if (!create) throw new Error(`A device cannot read the family "${card.family}".`);
  let bytes = 0;
  const onBytes = (/** @type {number} */ more) => {
    bytes += more;
    self.postMessage({ id, bytes });
  };
  const [wasm, onnx] = await Promise.all([download(runtime, onBytes), download(network, onBytes)]);
  model = { card, run: await createNetwork(wasm, onnx), decode: create(card) };
}

/**
 * @param {Picture} picture
 * @param {import('./types.js').Options} options
 * @returns {Promise<Output>}
 */
async function look(picture, options) {
  if (!model) throw new Error('There is no model yet.');
  const { card, run, decode } = model;
  const watch = createWatch();
  const pixels = 'file' in picture ? await pixelsOfFile(picture.file) : pixelsOfFrame(picture.frame);
  watch.stage('decode');
  const { width, height } = pixels;
  const letterbox = place(card.input, { width, height });
  const { canvas } = letterbox;
  const outputs = await run(prepareInput(pixels, letterbox, card.input), [1, 3, canvas.height, canvas.width]);
  const size = 'size' in picture ? picture.size : { width, height };
  const json = await decode(outputs, seenAs(letterbox, size), options);
  watch.stage('inference');
  return { json, width: size.width, height: size.height, timings: watch.timings };
}

/**
 * The same for a picture of which the pixels were a smaller copy.
 *
 * @param {import('./input/letterbox.js').Letterbox} letterbox
 * @param {import('./types.js').Size} picture
 * @returns {import('./input/letterbox.js').Letterbox}
 */
function seenAs(letterbox, picture) {
  const gain = letterbox.gain && (letterbox.gain * letterbox.picture.width) / picture.width;
  return { ...letterbox, picture, gain };
}

/** Times the stages, in milliseconds. */
function createWatch() {
  /** @type {Record<string, number>} */
  const timings = {};
  let began = performance.now();
  return {
    timings,
    /** @param {string} name of the stage that ends */
    stage(name) {
      const now = performance.now();
      timings[name] = now - began;
      began = now;
    },
  };
}
