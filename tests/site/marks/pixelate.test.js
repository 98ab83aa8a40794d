import { expect, test } from 'vitest';
import { pixelate } from '../../../site/src/marks/pixelate.js';

const [WIDTH, HEIGHT] = [120, 90];
const REGION = { x1: 20, y1: 10, x2: 100, y2: 70 };

/** A canvas of numbers that a seed gives. @param {number} seed */
function paint(seed) {
  let state = seed;
  const next = () => (state = (state * 1103515245 + 12345) % 2147483648) >>> 16;
  return Uint8ClampedArray.from({ length: 4 * WIDTH * HEIGHT }, (_, at) => (at % 4 === 3 ? 255 : next() % 256));
}

/** What pixelate needs of a canvas's context. @param {Uint8ClampedArray} data */
const contextOf = (data) => ({
  canvas: { width: WIDTH, height: HEIGHT },
  getImageData(x, y, width, height) {
    const rows = Array.from({ length: height }, (_, row) => [...data.subarray(4 * ((y + row) * WIDTH + x), 4 * ((y + row) * WIDTH + x + width))]);
    return { width, height, data: Uint8ClampedArray.from(rows.flat()) };
  },
  putImageData({ data: part, width, height }, x, y) {
    for (let row = 0; row < height; row += 1) data.set(part.subarray(4 * row * width, 4 * (row + 1) * width), 4 * ((y + row) * WIDTH + x));
  },
});

/** @param {Uint8ClampedArray} data @param {object} [region] @param {object} [size] */
function pixelated(data, region = REGION, size = { width: WIDTH, height: HEIGHT }) {
  const made = data.slice();
  pixelate(contextOf(made), [region], size);
  return made;
}

const colourAt = (data, x, y) => [...data.subarray(4 * (y * WIDTH + x), 4 * (y * WIDTH + x) + 3)];

test('a region becomes twelve blocks of coarse colours, and the rest stays', () => {
  const [plain, made] = [paint(1), pixelated(paint(1))];
  const colours = new Set();
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const isInside = x >= 20 && x < 100 && y >= 10 && y < 70;
      if (!isInside) expect(colourAt(made, x, y)).toEqual(colourAt(plain, x, y));
      else colours.add(`${Math.floor((x - 20) / 20)},${Math.floor((y - 10) / 20)}: ${colourAt(made, x, y)}`);
    }
  }
  expect(colours.size).toBe(12); // 4 x 3, each of one colour
  for (const colour of colours) for (const level of colour.split(': ')[1].split(',')) expect((level - 16) % 32).toBe(0);
});

test('nobody can undo it: whatever lay in a block, in any order and a little lighter, looks the same afterwards', () => {
  const plain = paint(2);
  const shuffled = plain.slice();
  for (let block = 0; block < 12; block += 1) {
    const [left, top] = [20 + 20 * (block % 4), 10 + 20 * Math.floor(block / 4)];
    for (let at = 0; at < 400; at += 1) {
      const [x, y] = [left + (at % 20), top + Math.floor(at / 20)];
      const [otherX, otherY] = [left + 19 - (at % 20), top + 19 - Math.floor(at / 20)];
      shuffled.set(plain.subarray(4 * (otherY * WIDTH + otherX), 4 * (otherY * WIDTH + otherX) + 4), 4 * (y * WIDTH + x));
    }
  }
  expect(shuffled).not.toEqual(plain);
  expect(pixelated(shuffled)).toEqual(pixelated(plain));
});

test('a region is measured in the picture that the boxes are, and clipped to the canvas', () => {
  const plain = paint(3);
  const half = { x1: 10, y1: 5, x2: 50, y2: 35 };
  expect(pixelated(plain, half, { width: WIDTH / 2, height: HEIGHT / 2 })).toEqual(pixelated(plain));
  expect(pixelated(plain, { x1: 100, y1: 80, x2: 500, y2: 500 })).not.toEqual(plain);
  expect(pixelated(plain, { x1: 130, y1: 10, x2: 140, y2: 20 })).toEqual(plain);
});

test('a tiny region has one block', () => {
  const made = pixelated(paint(4), { x1: 5, y1: 5, x2: 9, y2: 8 });
  expect(colourAt(made, 5, 5)).toEqual(colourAt(made, 8, 7));
});
