/**
 * The outlines of a class as polygons, for programs that know no masks. Each part is one polygon; what is cut out of it hangs
 * on it by a bridge that goes there and back, so that readers who fill by the even-odd rule leave it out.
 */

/** @typedef {import('../class-map.js').ClassIds} ClassIds */
/** @typedef {readonly [x: number, y: number]} Corner */
/** @typedef {Readonly<{corners: readonly Corner[], within: Corner}>} Ring closed; parts go clockwise, holes the other way. within:
 *   the middle of a pixel of the class at its edge */

const TOLERANCE_PX = 0.8; // more than the steps of a slanted edge, less than a detail
const AREA_MIN = 4; // pixels; less is noise
/** Right, down, left, up. */
const STEPS = /** @type {const} */ ([[1, 0], [0, 1], [-1, 0], [0, -1]]);

/**
 * @param {ClassIds} map
 * @param {number} classId
 * @returns {Corner[][]} in pixels of the map
 */
export function outlinesOf(map, classId) {
  const rings = ringsOf(edgesOf(map, classId), map.width + 1).filter(({ corners }) => Math.abs(areaOf(corners)) >= AREA_MIN);
  const whole = rings.filter(({ corners }) => areaOf(corners) > 0);
  const parts = whole.map((ring) => ({ ...ring, holes: /** @type {Corner[][]} */ ([]) }));
  parts.sort((one, other) => areaOf(one.corners) - areaOf(other.corners)); // the smallest around a hole is the one that has it
  for (const { corners, within } of rings.filter((ring) => areaOf(ring.corners) < 0)) {
    parts.find((part) => holds(part.corners, within))?.holes.push(simplified(corners));
  }
  return parts.map(({ corners, holes }) => withHoles(simplified(corners), holes));
}

/**
 * The outline of the largest part of a class, without what is cut out of it.
 *
 * @param {ClassIds} map
 * @param {number} classId
 * @param {number} tolerance how far a corner may be from a line without it, in pixels of the map
 * @returns {Corner[]} in pixels of the map; none if there is no such part
 */
export function largestOutlineOf(map, classId, tolerance) {
  const rings = ringsOf(edgesOf(map, classId), map.width + 1);
  const [largest] = rings.map(({ corners }) => corners).sort((one, other) => areaOf(other) - areaOf(one));
  return largest ? simplified(largest, tolerance) : [];
}

/** @param {readonly Corner[]} corners @returns {number} negative of a hole */
export function areaOf(corners) {
  let twice = 0;
  corners.forEach(([x, y], index) => {
    const [nextX, nextY] = cornerAt(corners, index + 1);
    twice += x * nextY - nextX * y;
  });
  return twice / 2;
}

/**
 * The edges between pixels of the class and others, the class at their right: for each corner the ways that lead on, as bits.
 *
 * @param {ClassIds} map
 * @param {number} classId
 */
function edgesOf({ ids, width, height }, classId) {
  const across = width + 1;
  const edges = new Uint8Array(across * (height + 1));
  const isIn = (/** @type {number} */ x, /** @type {number} */ y) =>
    x >= 0 && y >= 0 && x < width && y < height && ids[y * width + x] === classId;
  const add = (/** @type {number} */ at, /** @type {number} */ way) => {
    edges[at] = (edges[at] ?? 0) | (1 << way);
  };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isIn(x, y)) continue;
      const at = y * across + x;
      if (!isIn(x, y - 1)) add(at, 0);
      if (!isIn(x + 1, y)) add(at + 1, 1);
      if (!isIn(x, y + 1)) add(at + 1 + across, 2);
      if (!isIn(x - 1, y)) add(at + across, 3);
    }
  }
  return edges;
}

/** @param {Uint8Array} edges @param {number} across how many corners a row has @returns {Ring[]} */
function ringsOf(edges, across) {
  const left = edges.slice();
  /** @type {Ring[]} */
  const rings = [];
  for (let start = 0; start < left.length; start += 1) {
    if ((left[start] ?? 0) & 1) rings.push(ringFrom(edges, left, across, start));
  }
  return rings;
}

/**
 * @param {Uint8Array} edges
 * @param {Uint8Array} left those that no ring has yet
 * @param {number} across
 * @param {number} start of an edge that leads right
 * @returns {Ring}
 */
function ringFrom(edges, left, across, start) {
  /** @type {Corner[]} */
  const corners = [];
  let [at, way] = [start, 0];
  do {
    left[at] = (left[at] ?? 0) & ~(1 << way);
    const [right, down] = STEPS[way] ?? STEPS[0];
    at += right + down * across;
    // To the right first: pixels that touch at a corner alone are parts of their own.
    const next = [way + 1, way, way + 3].map((turn) => turn % 4).find((turn) => (edges[at] ?? 0) & (1 << turn)) ?? 0;
    if (next !== way) corners.push([at % across, Math.floor(at / across)]);
    way = next;
  } while (at !== start || way !== 0);
  return { corners, within: [(start % across) + 0.5, Math.floor(start / across) + 0.5] };
}

/** @param {readonly Corner[]} corners @param {Corner} point */
function holds(corners, [x, y]) {
  return crossingsOf(corners, y).filter((crossing) => crossing.x < x).length % 2 === 1;
}

/** Where the sides meet a level. @param {readonly Corner[]} corners @param {number} y @returns {{x: number, index: number}[]} */
function crossingsOf(corners, y) {
  return corners.flatMap(([x1, y1], index) => {
    const [x2, y2] = cornerAt(corners, index + 1);
    return y1 <= y === y2 <= y ? [] : [{ x: x1 + ((y - y1) * (x2 - x1)) / (y2 - y1), index }];
  });
}

/**
 * Leave out corners that are nearly on a line between others (Douglas and Peucker, 1973).
 *
 * @param {readonly Corner[]} corners
 * @param {number} [tolerance] in pixels
 * @returns {Corner[]}
 */
function simplified(corners, tolerance = TOLERANCE_PX) {
  const far = farthest(corners, 0, corners.length, cornerAt(corners, 0), cornerAt(corners, 0)).index;
  const kept = new Set([0, far]);
  const open = [[0, far], [far, corners.length]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from = 0, to = 0] = span;
    const { index, distance } = farthest(corners, from + 1, to, cornerAt(corners, from), cornerAt(corners, to));
    if (distance <= tolerance) continue;
    kept.add(index);
    open.push([from, index], [index, to]);
  }
  const left = [...kept].sort((one, other) => one - other).map((index) => cornerAt(corners, index));
  return left.length < 3 ? [...corners] : left;
}

/**
 * @param {readonly Corner[]} corners
 * @param {number} from
 * @param {number} to without it
 * @param {Corner} one of a line
 * @param {Corner} other the same for a distance to a point
 */
function farthest(corners, from, to, [x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  let best = { index: from, distance: 0 };
  for (let index = from; index < to; index += 1) {
    const [x, y] = cornerAt(corners, index);
    const distance = length === 0 ? Math.hypot(x - x1, y - y1) : Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
    if (distance > best.distance) best = { index, distance };
  }
  return best;
}

/**
 * Each hole is reached from its leftmost corner by a level bridge to what is left of it.
 *
 * @param {Corner[]} part
 * @param {readonly Corner[][]} holes
 */
function withHoles(part, holes) {
  const sorted = holes.map((hole) => ({ hole, start: hole.findIndex(([x]) => hole.every(([other]) => other >= x)) }));
  sorted.sort((one, other) => cornerAt(one.hole, one.start)[0] - cornerAt(other.hole, other.start)[0]);
  return sorted.reduce((joined, { hole, start }) => {
    const [x, y] = cornerAt(hole, start);
    const shore = crossingsOf(joined, y).filter((crossing) => crossing.x <= x).sort((one, other) => other.x - one.x)[0];
    if (!shore) return joined;
    const bridge = /** @type {Corner} */ ([shore.x, y]);
    const around = [...hole.slice(start), ...hole.slice(0, start + 1)];
    return [...joined.slice(0, shore.index + 1), bridge, ...around, bridge, ...joined.slice(shore.index + 1)];
  }, part);
}

/** @param {readonly Corner[]} corners @param {number} index may be beyond the last one @returns {Corner} */
function cornerAt(corners, index) {
  return /** @type {Corner} */ (corners[index % corners.length]);
}
