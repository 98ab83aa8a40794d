/**
 * From scores on a network's grid, or class ids there, to a class for each pixel of the picture
 * (api/tasks/segmentation/class_map.py, where the reasons are).
 */

/** @typedef {import('../input/letterbox.js').Letterbox} Letterbox */
/** @typedef {import('../types.js').Output} Output */
/** @typedef {Readonly<{before: Int32Array, after: Int32Array, share: Float32Array}>} Samples of the grid for each pixel on a side */
/**
 * @typedef {Readonly<{data: Output['data'], classes: number, rows: number, columns: number, step: number,
 *   at: (row: number, column: number) => number}>} Grid at: where a point's first class is; step: how far the next class is
 */

/**
 * Write the class of each pixel.
 *
 * @param {Output} raw scores (1, classes, h, w) or (1, h, w, classes), or ids (1, h, w), (1, 1, h, w) or (1, h, w, 1)
 * @param {string} layout nchw, nhwc or ids
 * @param {Letterbox} letterbox
 * @param {Uint8Array | Uint16Array} ids
 */
export function mapClasses(raw, layout, letterbox, ids) {
  if (layout === 'ids') mapIds(raw, letterbox, ids);
  else mapScores(gridOf(raw, layout), letterbox, ids);
}

/** @param {Output} raw (1, classes, h, w) or (1, h, w, classes) @param {string} layout @returns {Grid} */
function gridOf({ data, dims }, layout) {
  const [one = 0, two = 0, three = 0] = dims.slice(1);
  if (layout === 'nchw') return { data, classes: one, rows: two, columns: three, at: (row, column) => row * three + column, step: two * three };
  return { data, classes: three, rows: one, columns: two, at: (row, column) => (row * two + column) * three, step: 1 };
}

/**
 * Points in the padding are not used.
 *
 * @param {number} points that cover the whole canvas
 * @param {number} pixels
 * @param {number} scaled
 * @param {number} canvas
 * @param {number} offset
 * @returns {Samples}
 */
function samplesAlong(points, pixels, scaled, canvas, offset) {
  const perPixel = points / canvas;
  const first = Math.min(Math.max(0, Math.ceil(offset * perPixel - 0.5)), points - 1);
  const last = Math.max(first, Math.min(points - 1, Math.floor((offset + scaled) * perPixel - 0.5)));
  const found = { before: new Int32Array(pixels), after: new Int32Array(pixels), share: new Float32Array(pixels) };
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const centre = offset + (pixel + 0.5) * (scaled / pixels);
    const place = Math.min(Math.max(centre * perPixel - 0.5, first), last);
    found.before[pixel] = Math.floor(place);
    found.after[pixel] = Math.min(Math.floor(place) + 1, last);
    found.share[pixel] = place - Math.floor(place);
  }
  return found;
}

/** @param {number} rows @param {number} columns @param {Letterbox} letterbox */
function samplesOf(rows, columns, { picture, scaled, canvas, top, left }) {
  return {
    down: samplesAlong(rows, picture.height, scaled.height, canvas.height, top),
    across: samplesAlong(columns, picture.width, scaled.width, canvas.width, left),
  };
}

/** @param {Output} raw @param {Letterbox} letterbox @param {Uint8Array | Uint16Array} ids are written */
function mapIds({ data, dims }, letterbox, ids) {
  const [rows = 1, columns = 1] = dims.filter((length, axis) => axis > 0 && !(length === 1 && dims.length === 4 && (axis === 1 || axis === 3)));
  const { down, across } = samplesOf(rows, columns, letterbox);
  const nearest = (/** @type {Samples} */ { before, after, share }, /** @type {number} */ at) =>
    ((share[at] ?? 0) < 0.5 ? before[at] : after[at]) ?? 0;
  const { width, height } = letterbox.picture;
  for (let y = 0; y < height; y += 1) {
    const row = nearest(down, y) * columns;
    for (let x = 0; x < width; x += 1) ids[y * width + x] = Number(data[row + nearest(across, x)]);
  }
}

/**
 * If the four points around a pixel have the same highest class, any mixture of them has it, too; only the others are mixed.
 *
 * @param {Grid} grid
 * @param {Letterbox} letterbox
 * @param {Uint8Array | Uint16Array} ids are written
 */
function mapScores(grid, letterbox, ids) {
  const { rows, columns } = grid;
  const { down, across } = samplesOf(rows, columns, letterbox);
  const best = Uint16Array.from({ length: rows * columns }, (_, point) => bestAt(grid, Math.floor(point / columns), point % columns));
  const { width, height } = letterbox.picture;
  for (let y = 0; y < height; y += 1) {
    const [upper, lower, low] = [down.before[y] ?? 0, down.after[y] ?? 0, down.share[y] ?? 0];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [across.before[x] ?? 0, across.after[x] ?? 0];
      const one = best[upper * columns + left] ?? 0;
      const isSame = one === best[upper * columns + right] && one === best[lower * columns + left] && one === best[lower * columns + right];
      ids[y * width + x] = isSame ? one : mixedAt(grid, upper, lower, low, left, right, across.share[x] ?? 0);
    }
  }
}

/** @param {Grid} grid @param {number} row @param {number} column */
function bestAt({ data, classes, at, step }, row, column) {
  const first = at(row, column);
  let best = 0;
  for (let other = 1; other < classes; other += 1) {
    if (Number(data[first + other * step]) > Number(data[first + best * step])) best = other;
  }
  return best;
}

/**
 * The highest class between four points.
 *
 * @param {Grid} grid
 * @param {number} upper
 * @param {number} lower
 * @param {number} low
 * @param {number} left
 * @param {number} right
 * @param {number} far
 */
function mixedAt({ data, classes, at, step }, upper, lower, low, left, right, far) {
  const [a, b, c, d] = [at(upper, left), at(upper, right), at(lower, left), at(lower, right)];
  let best = 0;
  let highest = -Infinity;
  for (let classId = 0; classId < classes; classId += 1) {
    const more = classId * step;
    const [one, two, three, four] = [Number(data[a + more]), Number(data[b + more]), Number(data[c + more]), Number(data[d + more])];
    const above = one + (two - one) * far;
    const below = three + (four - three) * far;
    const score = above + (below - above) * low;
    if (score <= highest) continue;
    highest = score;
    best = classId;
  }
  return best;
}
