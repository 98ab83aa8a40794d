/**
 * Where the labels of boxes go: at a corner of the box as in the picture that the API draws (`_place` in
 * api/tasks/drawing/plates.py), else at the nearest place where they cover no other label.
 */

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('../media/types.js').Size} Size */

/**
 * Place a label for each box. Earlier ones have the better places, so the most confident belong first.
 *
 * @param {readonly Box[]} boxes
 * @param {readonly Size[]} labelSizes of the whole plates, of the same length; rounded up to whole pixels
 * @param {Size} pictureSize
 * @returns {Box[]} in the picture, where it is large enough for any label; a label that finds no free place covers as
 *   little of the others as it can
 */
export function placeLabels(boxes, labelSizes, pictureSize) {
  /** @type {Box[]} */
  const taken = []; // from left to right
  /** @type {Size[]} */
  const hopeless = []; // sizes for which there was no place left; there is none for larger ones either
  return boxes.map((box, index) => {
    const size = wholePlate(labelSizes[index] ?? { width: 0, height: 0 }, pictureSize);
    const corners = cornerPlaces(box, size, pictureSize);
    let place = corners.find((corner) => covered(corner, taken) === 0);
    if (!place && !hopeless.some(({ width, height }) => size.width >= width && size.height >= height)) {
      place = nearestFree(corners, size, pictureSize, taken) ?? undefined;
      if (!place) hopeless.push(size);
    }
    place ??= leastCovered(corners, taken);
    insert(place, taken);
    return place;
  });
}

/**
 * @param {Size} size
 * @param {Size} picture
 * @returns {Size}
 */
function wholePlate({ width, height }, picture) {
  return { width: Math.min(Math.ceil(width), picture.width), height: Math.min(Math.ceil(height), picture.height) };
}

/**
 * Above the box, within it at the top, below it, within it at the bottom; each at the left, then at the right.
 *
 * @param {Box} box
 * @param {Size} size
 * @param {Size} picture
 */
function cornerPlaces(box, { width, height }, picture) {
  /** @type {Box[]} */
  const places = [];
  for (const y of [box.y1 - height, box.y1, box.y2, box.y2 - height]) {
    for (const x of [box.x1, box.x2 - width]) {
      const x1 = clamp(Math.floor(x), picture.width - width);
      const y1 = clamp(Math.floor(y), picture.height - height);
      places.push({ x1, y1, x2: x1 + width, y2: y1 + height });
    }
  }
  return places;
}

/**
 * Find the free place with the shortest way from a corner, or none. The shortest way ends where the label touches
 * another or has moved along one axis only, so the rows of the corners and those next to a label are all there are to
 * try. The near ones are tried first, since they mostly do.
 *
 * @param {readonly Box[]} corners
 * @param {Size} size
 * @param {Size} picture
 * @param {readonly Box[]} taken from left to right
 * @returns {Box | null}
 */
function nearestFree(corners, size, picture, taken) {
  const wanted = { x: [...new Set(corners.map(({ x1 }) => x1))], y: [...new Set(corners.map(({ y1 }) => y1))] };
  for (let reach = 2 * size.height; ; reach *= 4) {
    const rows = rowsWithin(reach, wanted.y, size, picture, taken);
    const found = nearestFreeIn(rows, wanted.x, size, picture, taken);
    if (found && found.way <= reach) return found.place;
    if (reach >= picture.height) return found?.place ?? null;
  }
}

/**
 * @param {number} reach how far from a corner
 * @param {readonly number[]} wanted
 * @param {Size} size
 * @param {Size} picture
 * @param {readonly Box[]} taken
 * @returns {{y: number, down: number}[]} nearest first, `down` being how far it is from a corner
 */
function rowsWithin(reach, wanted, { height }, picture, taken) {
  const rows = new Set(wanted);
  for (const { y1, y2 } of taken) {
    if (y1 >= height) rows.add(y1 - height);
    if (y2 + height <= picture.height) rows.add(y2);
  }
  /** @type {{y: number, down: number}[]} */
  const within = [];
  for (const y of rows) {
    const down = distance(y, wanted);
    if (down <= reach) within.push({ y, down });
  }
  return within.sort((one, other) => one.down - other.down);
}

/**
 * @param {readonly {y: number, down: number}[]} rows nearest first
 * @param {readonly number[]} wanted
 * @param {Size} size
 * @param {Size} picture
 * @param {readonly Box[]} taken from left to right
 * @returns {{place: Box, way: number} | null}
 */
function nearestFreeIn(rows, wanted, { width, height }, picture, taken) {
  /** @type {{place: Box, way: number} | null} */
  let best = null;
  for (const { y, down } of rows) {
    const shortest = best?.way ?? Infinity;
    if (down >= shortest) break;
    const x = nearestFreeX(wanted, y, { width, height }, picture, taken);
    if (x === null) continue;
    const way = down + distance(x, wanted);
    if (way < shortest) best = { place: { x1: x, y1: y, x2: x + width, y2: y + height }, way };
  }
  return best;
}

/**
 * @param {readonly number[]} wanted
 * @param {number} y
 * @param {Size} size
 * @param {Size} picture
 * @param {readonly Box[]} taken from left to right
 * @returns {number | null} the free x1 in the row at y that is nearest to one of those wanted
 */
function nearestFreeX(wanted, y, { width, height }, picture, taken) {
  /** @type {number | null} */
  let best = null;
  let shortest = Infinity;
  let from = 0; // where a gap begins
  /** @param {number} to where it ends */
  const tryGap = (to) => {
    const last = to - width;
    if (last < from) return;
    for (const x of wanted) {
      const nearest = Math.max(from, Math.min(x, last));
      if (Math.abs(nearest - x) >= shortest) continue;
      shortest = Math.abs(nearest - x);
      best = nearest;
    }
  };
  for (const { x1, y1, x2, y2 } of taken) {
    if (y1 >= y + height || y2 <= y) continue;
    tryGap(x1);
    if (x2 > from) from = x2;
  }
  tryGap(picture.width);
  return best;
}

/**
 * @param {number} value
 * @param {readonly number[]} wanted
 */
function distance(value, wanted) {
  let least = Infinity;
  for (const one of wanted) least = Math.min(least, Math.abs(one - value));
  return least;
}

/**
 * @param {readonly Box[]} corners
 * @param {readonly Box[]} taken
 * @returns {Box}
 */
function leastCovered(corners, taken) {
  const areas = corners.map((corner) => covered(corner, taken));
  return /** @type {Box} */ (corners[areas.indexOf(Math.min(...areas))]);
}

/**
 * @param {Box} place
 * @param {readonly Box[]} taken
 * @returns {number} the area
 */
function covered(place, taken) {
  let area = 0;
  for (const other of taken) {
    const width = Math.min(place.x2, other.x2) - Math.max(place.x1, other.x1);
    if (width <= 0) continue;
    const height = Math.min(place.y2, other.y2) - Math.max(place.y1, other.y1);
    if (height > 0) area += width * height;
  }
  return area;
}

/**
 * @param {number} value
 * @param {number} highest
 */
function clamp(value, highest) {
  return Math.max(0, Math.min(value, highest));
}

/**
 * @param {Box} place
 * @param {Box[]} taken from left to right
 */
function insert(place, taken) {
  let at = taken.length;
  while (at > 0 && /** @type {Box} */ (taken[at - 1]).x1 > place.x1) at -= 1;
  taken.splice(at, 0, place);
}
