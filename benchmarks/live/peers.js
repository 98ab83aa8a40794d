/** How each peer is asked, with the same YOLOX-Nano, in WebAssembly with as many threads as the page may have. */

const SIDE = 416;
const [CONFIDENCE, IOU] = [0.25, 0.45];

/**
 * @param {string} name
 * @param {HTMLCanvasElement} canvas
 */
export async function load(name, canvas) {
  return name === 'libreyolo-web' ? loadLibreYolo(canvas) : loadTransformers(canvas);
}

/** By its README, with a model of one's own. @param {HTMLCanvasElement} canvas */
async function loadLibreYolo(canvas) {
  const { BoxOverlay, loadModel } = await import('libreyolo-web');
  const runtime = { wasmPaths: '/node_modules/onnxruntime-web/dist/' };
  const model = await loadModel('/models/yolox-nano/onnx/model.onnx', { modelFamily: 'yolox', inputSize: SIDE, device: 'wasm', runtime });
  const overlay = new BoxOverlay({ canvas });
  return { detect: (video) => model.detect(video), draw: (found) => overlay.draw(found) };
}

/**
 * It has no pipeline for YOLOX, nor other detectors that are at hand here: its runtime, model and processor classes are used, and
 * the boxes are read by the lines below.
 *
 * @param {HTMLCanvasElement} canvas
 */
async function loadTransformers(canvas) {
  const { AutoModel, AutoProcessor, env, RawImage } = await import('@huggingface/transformers');
  Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: '/models/', useBrowserCache: false });
  env.backends.onnx.wasm.wasmPaths = '/node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/';
  const model = await AutoModel.from_pretrained('yolox-nano', { device: 'wasm', dtype: 'fp32' });
  const processor = await AutoProcessor.from_pretrained('yolox-nano');
  const context = canvas.getContext('2d');
  const frame = new OffscreenCanvas(canvas.width, canvas.height);
  return {
    async detect(video) {
      frame.getContext('2d', { willReadFrequently: true }).drawImage(video, 0, 0, frame.width, frame.height);
      const { pixel_values: images } = await processor(RawImage.fromCanvas(frame));
      const { output } = await model({ images });
      return boxesOf(output.data, canvas.width / SIDE, canvas.height / SIDE);
    },
    draw(found) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      for (const { box: [x1, y1, x2, y2] } of found) context.strokeRect(x1, y1, x2 - x1, y2 - y1);
    },
  };
}

/**
 * YOLOX's raw outputs (arXiv:2107.08430, 2.1): of each cell of each grid the centre's offset, the size's logarithm, objectness, and
 * 80 classes.
 *
 * @param {Float32Array} rows
 * @param {number} scaleX to pixels of the frame
 * @param {number} scaleY
 */
function boxesOf(rows, scaleX, scaleY) {
  const found = [];
  let at = 0;
  for (const stride of [8, 16, 32]) {
    const cells = SIDE / stride;
    for (let cell = 0; cell < cells * cells; cell += 1, at += 85) {
      if (rows[at + 4] < CONFIDENCE) continue;
      let best = 5;
      for (let index = 6; index < 85; index += 1) if (rows[at + index] > rows[at + best]) best = index;
      const confidence = rows[at + 4] * rows[at + best];
      if (confidence < CONFIDENCE) continue;
      const [x, y] = [(rows[at] + (cell % cells)) * stride, (rows[at + 1] + Math.floor(cell / cells)) * stride];
      const [halfWidth, halfHeight] = [Math.exp(rows[at + 2]) * stride / 2, Math.exp(rows[at + 3]) * stride / 2];
      const box = [(x - halfWidth) * scaleX, (y - halfHeight) * scaleY, (x + halfWidth) * scaleX, (y + halfHeight) * scaleY];
      found.push({ box, classId: best - 5, confidence });
    }
  }
  found.sort((one, other) => other.confidence - one.confidence);
  return found.filter((one, index) => !found.slice(0, index).some((kept) => kept.classId === one.classId && overlap(kept.box, one.box) > IOU));
}

/** @param {number[]} a @param {number[]} b */
function overlap([ax1, ay1, ax2, ay2], [bx1, by1, bx2, by2]) {
  const both = Math.max(0, Math.min(ax2, bx2) - Math.max(ax1, bx1)) * Math.max(0, Math.min(ay2, by2) - Math.max(ay1, by1));
  return both / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - both);
}
