import { expect, test } from 'vitest';
import { placeLabels } from '../../../site/src/marks/label-placement.js';
import { crowd } from '../tasks/detections.js';

const picture = { width: 640, height: 480 };
const plate = { width: 60, height: 20 };

function place(...boxes) {
  const asBoxes = boxes.map(([x1, y1, x2, y2]) => ({ x1, y1, x2, y2 }));
  return placeLabels(asBoxes, asBoxes.map(() => plate), picture).map(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2]);
}

function overlaps(one, other) {
  return one.x1 < other.x2 && other.x1 < one.x2 && one.y1 < other.y2 && other.y1 < one.y2;
}

function covers(places) {
  return places.flatMap((one, i) => places.slice(i + 1).filter((other) => overlaps(one, other))).length;
}

function isIn({ x1, y1, x2, y2 }, { width, height }) {
  return x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height;
}

test.each([
  ['above its box', [100, 100, 300, 300], [100, 80, 160, 100]],
  ['at whole pixels', [100.7, 100.7, 300, 300], [100, 80, 160, 100]],
  ['in the picture where the box is at its top', [100, 5, 300, 300], [100, 0, 160, 20]],
  ['in the picture where the box is at its right', [600, 100, 640, 300], [580, 80, 640, 100]],
])('a label stands %s', (_, box, expected) => {
  expect(place(box)).toEqual([expected]);
});

test('eight labels of the same box take its corners, as those of the API do', () => {
  const box = [100, 100, 300, 300];
  expect(place(...Array(8).fill(box))).toEqual([
    [100, 80, 160, 100], [240, 80, 300, 100],
    [100, 100, 160, 120], [240, 100, 300, 120],
    [100, 300, 160, 320], [240, 300, 300, 320],
    [100, 280, 160, 300], [240, 280, 300, 300],
  ]);
});

test('a ninth one slides to the nearest free place', () => {
  const places = place(...Array(9).fill([100, 100, 300, 300]));
  const [x1, y1] = places[8];
  expect([[100, 60], [240, 60], [160, 80], [180, 80], [100, 120], [240, 120], [40, 80], [300, 80]])
    .toContainEqual([x1, y1]);
});

test.each([1, 2, 3])('300 boxes have labels in the picture that do not cover each other (%i)', (seed) => {
  const boxes = crowd(300, picture, seed).map(({ box }) => box);
  const sizes = boxes.map((_, i) => ({ width: 25.5 + (i % 7) * 3, height: 12 }));
  const places = placeLabels(boxes, sizes, picture);
  expect(places).toHaveLength(300);
  expect(places.every((one) => isIn(one, picture))).toBe(true);
  expect(covers(places)).toBe(0);
  expect(places.every(({ x1, x2, y1, y2 }, i) => x2 - x1 >= sizes[i].width && y2 - y1 >= 12)).toBe(true);
});

test('a picture that is just full is filled', () => {
  const boxes = Array(16).fill({ x1: 0, y1: 0, x2: 240, y2: 80 });
  const places = placeLabels(boxes, boxes.map(() => plate), { width: 240, height: 80 });
  expect(covers(places)).toBe(0);
});

test('where there is no room, labels cover as little as they can, in the picture', () => {
  const small = { width: 130, height: 45 };
  const boxes = Array(40).fill({ x1: 0, y1: 0, x2: 130, y2: 45 });
  const places = placeLabels(boxes, boxes.map(() => plate), small);
  expect(places.every((one) => isIn(one, small))).toBe(true);
  expect(covers(places.slice(0, 4))).toBe(0);
});

test('a label larger than the picture is cut to it', () => {
  const [only] = placeLabels([{ x1: 0, y1: 0, x2: 9, y2: 9 }], [plate], { width: 50, height: 10 });
  expect(only).toEqual({ x1: 0, y1: 0, x2: 50, y2: 10 });
});

test('no boxes have no labels', () => {
  expect(placeLabels([], [], picture)).toEqual([]);
});

/** The shortest way from a corner to a place that covers none of the others, found by trying all. */
function shortestWay(corners, size, others, { width, height }) {
  let shortest = Infinity;
  const away = (value, wanted) => Math.min(...wanted.map((one) => Math.abs(one - value)));
  const [lefts, tops] = [corners.map(({ x1 }) => x1), corners.map(({ y1 }) => y1)];
  for (let y1 = 0; y1 + size.height <= height; y1 += 1) {
    for (let x1 = 0; x1 + size.width <= width; x1 += 1) {
      const way = away(x1, lefts) + away(y1, tops);
      const here = { x1, y1, x2: x1 + size.width, y2: y1 + size.height };
      if (way < shortest && !others.some((other) => overlaps(here, other))) shortest = way;
    }
  }
  return { shortest, away: ({ x1, y1 }) => away(x1, lefts) + away(y1, tops) };
}

test.each([1, 2, 3])('a label that must slide takes the shortest way there is (%i)', (seed) => {
  const small = { width: 150, height: 100 };
  const size = { width: 14, height: 5 };
  const boxes = crowd(120, small, seed).map(({ box }) => box);
  const places = placeLabels(boxes, boxes.map(() => size), small);
  let slid = 0;
  boxes.forEach((box, index) => {
    const corners = [];
    for (const y of [box.y1 - 5, box.y1, box.y2, box.y2 - 5]) {
      for (const x of [box.x1, box.x2 - 14]) {
        corners.push({ x1: Math.max(0, Math.min(Math.floor(x), 136)), y1: Math.max(0, Math.min(Math.floor(y), 95)) });
      }
    }
    const { shortest, away } = shortestWay(corners, size, places.slice(0, index), small);
    expect(away(places[index])).toBe(shortest);
    if (shortest > 0) slid += 1;
  });
  expect(slid).toBeGreaterThan(10);
});
