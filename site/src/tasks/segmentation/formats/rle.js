/**
 * COCO's compressed run lengths: how long the runs of pixels outside and inside are, from top to bottom in one column after
 * the other, each written as its difference to the one before the last in letters of six bits.
 *
 * Source: `rleToString` in common/maskApi.c of github.com/cocodataset/cocoapi.
 */

/** @typedef {import('../class-map.js').ClassIds} ClassIds */
/** @typedef {import('../types.js').Size} Size */

/**
 * @param {ClassIds} map
 * @param {number} classId
 * @param {Size} size in whose pixels the runs are; those of the map are repeated or left out
 * @returns {number[]} outside first
 */
export function runsOf(map, classId, { width, height }) {
  /** @type {number[]} */
  const runs = [];
  let [isInside, run] = [false, 0];
  for (let x = 0; x < width; x += 1) {
    const column = Math.floor(((x + 0.5) * map.width) / width);
    let from = 0;
    while (from < height) {
      const inside = isAt(map, classId, column, rowOf(from, map, height));
      const to = endOf(map, classId, column, from, height, inside);
      if (inside !== isInside) {
        runs.push(run);
        [isInside, run] = [inside, 0];
      }
      run += to - from;
      from = to;
    }
  }
  return [...runs, run];
}

/** @param {readonly number[]} runs @returns {string} */
export function compressed(runs) {
  let text = '';
  runs.forEach((run, index) => {
    let value = index > 2 ? run - (runs[index - 2] ?? 0) : run;
    for (let isMore = true; isMore;) {
      const bits = value & 0x1f;
      value >>= 5;
      isMore = value !== (bits & 0x10 ? -1 : 0);
      text += String.fromCharCode(48 + (bits | (isMore ? 0x20 : 0)));
    }
  });
  return text;
}

/** @param {readonly number[]} runs */
export function areaOf(runs) {
  return runs.reduce((area, run, index) => area + (index % 2) * run, 0);
}

/** @param {number} y @param {Size} map @param {number} height */
function rowOf(y, map, height) {
  return Math.floor(((y + 0.5) * map.height) / height);
}

/** @param {ClassIds} map @param {number} classId @param {number} x @param {number} y */
function isAt({ ids, width }, classId, x, y) {
  return ids[y * width + x] === classId;
}

/**
 * @param {ClassIds} map
 * @param {number} classId
 * @param {number} column
 * @param {number} from
 * @param {number} height
 * @param {boolean} inside
 */
function endOf(map, classId, column, from, height, inside) {
  let to = from + 1;
  while (to < height && isAt(map, classId, column, rowOf(to, map, height)) === inside) to += 1;
  return to;
}
