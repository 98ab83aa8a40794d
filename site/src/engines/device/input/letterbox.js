/**
 * Where a picture lies in a network's input, and the way back: the same whole numbers as api/tasks/letterbox.py, whose names
 * these are. tests/site/engines/device/letterbox.test.js compares the two.
 */

/** @typedef {import('../types.js').InputSpec} InputSpec */
/** @typedef {import('../types.js').Size} Size */

/**
 * @typedef {Readonly<{picture: Size, scaled: Size, canvas: Size, top: number, left: number, gain: number | null}>} Letterbox
 *   canvas: the input. top and left: rows and columns of padding before the scaled picture; below 0: so much of it is cut off.
 *   gain: pixels of the canvas in one of the picture, if the rounding of `scaled` is left out of account
 */

const NEARLY = 1e-6;

/**
 * Return where a picture lies in the input.
 *
 * @param {InputSpec} spec
 * @param {Size} picture
 * @returns {Letterbox}
 */
export function place(spec, picture) {
  const canvas = { height: spec.size[0], width: spec.size[1] };
  if (spec.resize === 'stretch') return lay(picture, canvas, canvas);
  if (spec.resize === 'centre-crop') return crop(picture, canvas, spec.shorter_side);
  if (spec.resize === 'shorter-side') return cutToGrid(byShorterSide(picture, canvas, spec.sampling === 'exact' ? 0 : NEARLY), spec.stride);
  const square = squareOf(spec, picture, canvas);
  return spec.stride > 1 && spec.leaves_out_padding ? cutToGrid(square, spec.stride) : square;
}

/** @param {InputSpec} spec @param {Size} picture @param {Size} canvas */
function squareOf(spec, picture, canvas) {
  if (spec.resize === 'letterbox-top-left') return topLeft(picture, canvas);
  return spec.sampling === 'darknet' ? fit(picture, canvas) : centred(picture, canvas);
}

/**
 * @param {Size} picture
 * @param {Size} scaled
 * @param {Size} canvas
 * @param {Partial<Letterbox>} [where]
 * @returns {Letterbox}
 */
function lay(picture, scaled, canvas, where = {}) {
  return { picture, scaled, canvas, top: 0, left: 0, gain: null, ...where };
}

/** In the middle, odd padding right and below. @param {Size} picture @param {Size} scaled @param {Size} canvas */
function middle(picture, scaled, canvas) {
  const [top, left] = [Math.floor((canvas.height - scaled.height) / 2), Math.floor((canvas.width - scaled.width) / 2)];
  return lay(picture, scaled, canvas, { top, left });
}

/** As Darknet does it. @param {Size} picture @param {Size} canvas */
function fit(picture, canvas) {
  const { width, height } = picture;
  const isWide = canvas.width * height < canvas.height * width;
  const scaled = isWide
    ? { width: canvas.width, height: Math.max(1, Math.floor((height * canvas.width) / width)) }
    : { height: canvas.height, width: Math.max(1, Math.floor((width * canvas.height) / height)) };
  return middle(picture, scaled, canvas);
}

/** As Ultralytics does it: sides are rounded. @param {Size} picture @param {Size} canvas */
function centred(picture, canvas) {
  return middle(picture, sides(picture, largestGain(picture, canvas), roundHalfEven), canvas);
}

/** As YOLOX does it: sides are rounded down. @param {Size} picture @param {Size} canvas */
function topLeft(picture, canvas) {
  const gain = largestGain(picture, canvas);
  return lay(picture, sides(picture, gain, Math.floor), canvas, { gain });
}

/** Scaled by its shorter side, and the canvas cut out of the middle. @param {Size} picture @param {Size} canvas @param {number} side */
function crop(picture, canvas, side) {
  const shorter = Math.min(picture.width, picture.height);
  const scaled = { width: Math.floor((side * picture.width) / shorter), height: Math.floor((side * picture.height) / shorter) };
  const [top, left] = [-roundHalfEven((scaled.height - canvas.height) / 2), -roundHalfEven((scaled.width - canvas.width) / 2)];
  return lay(picture, scaled, canvas, { top, left });
}

/** Without padding; `size` is turned as the picture is. @param {Size} picture @param {Size} size @param {number} tolerance */
function byShorterSide(picture, size, tolerance) {
  const [least, most] = [Math.min, Math.max].map((pick) => pick(size.width, size.height) / pick(picture.width, picture.height));
  const scaled = sides(picture, Math.min(least ?? 1, most ?? 1), (side) => Math.floor(side + tolerance));
  return lay(picture, scaled, scaled);
}

/**
 * Return the same without the rows and columns of cells that hold only padding.
 *
 * @param {Letterbox} letterbox
 * @param {number} stride pixels of a cell
 * @returns {Letterbox}
 */
function cutToGrid(letterbox, stride) {
  const { scaled, top, left } = letterbox;
  const [firstRow, firstColumn] = [Math.floor(top / stride), Math.floor(left / stride)];
  const height = (Math.ceil((top + scaled.height) / stride) - firstRow) * stride;
  const width = (Math.ceil((left + scaled.width) / stride) - firstColumn) * stride;
  return { ...letterbox, canvas: { width, height }, top: top - firstRow * stride, left: left - firstColumn * stride };
}

/**
 * How pixels of the canvas become pixels of the picture: x times `x` from `left` on, y alike.
 *
 * @param {Letterbox} letterbox
 */
export function toPicture({ picture, scaled, top, left, gain }) {
  const x = gain ? 1 / gain : picture.width / scaled.width;
  const y = gain ? 1 / gain : picture.height / scaled.height;
  return {
    /** @param {number} column */
    x: (column) => (column - left) * x,
    /** @param {number} row */
    y: (row) => (row - top) * y,
  };
}

/** @param {Size} picture @param {Size} canvas */
function largestGain(picture, canvas) {
  return Math.min(canvas.height / picture.height, canvas.width / picture.width);
}

/** @param {Size} size @param {number} gain @param {(side: number) => number} round */
function sides({ width, height }, gain, round) {
  return { width: Math.max(1, round(width * gain)), height: Math.max(1, round(height * gain)) };
}

/** As Python rounds: halves to the even number. @param {number} value */
export function roundHalfEven(value) {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
