/** ONNX Runtime's plain WebAssembly build: a network in, something callable out. It knows nothing of pictures. */

import * as ort from 'onnxruntime-web/wasm';

/** @typedef {import('./types.js').Outputs} Outputs */

/**
 * @param {Uint8Array<ArrayBuffer>} runtime the WebAssembly
 * @param {Uint8Array} network an ONNX file with one input
 * @returns {Promise<(array: Float32Array, dims: readonly number[]) => Promise<Outputs>>}
 */
export async function createNetwork(runtime, network) {
  ort.env.wasm.numThreads = 1; // more need headers that a static host does not send
  ort.env.wasm.wasmBinary = runtime.buffer;
  const session = await ort.InferenceSession.create(network, { executionProviders: ['wasm'] });
  const [input = ''] = session.inputNames;
  return async (array, dims) => {
    const tensor = new ort.Tensor('float32', array, dims);
    const outputs = await session.run({ [input]: tensor });
    // In the order of the network, which a decoder may count on.
    return /** @type {Outputs} */ (Object.fromEntries(session.outputNames.map((name) => [name, outputs[name]])));
  };
}
