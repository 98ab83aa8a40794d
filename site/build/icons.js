/**
 * The owner's icon in the sizes and shapes that an installed page needs, as PNG: not every system takes an SVG, and none but
 * browsers does. Source: https://www.w3.org/TR/appmanifest/#icon-masks.
 */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const CANVAS = 512;
const SIZES = [192, 512];
// Of a maskable icon only the circle of this diameter is sure to be seen.
const SAFE_SHARE = 0.8;
const SQUARE_IN_SAFE = SAFE_SHARE / Math.SQRT2;
const LOOKED_AT = 64; // the side of the drawing that tells what ground an icon has

/** @type {Promise<void> | undefined} */
let renderer;

/**
 * @param {Uint8Array} icon
 * @param {'image/svg+xml' | 'image/png'} type
 * @param {string} paper what lies behind an icon that has no ground of its own, as #rrggbb
 * @returns {Promise<{name: string, size: number, purpose: 'any' | 'maskable', png: Uint8Array}[]>}
 */
export async function drawIcons(icon, type, paper) {
  renderer ??= readFile(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))).then(initWasm);
  await renderer;
  const address = `data:${type};base64,${Buffer.from(icon).toString('base64')}`;
  const ground = groundOf(render(drawing(address, 1), LOOKED_AT));
  const masked = drawing(address, ground ? SAFE_SHARE : SQUARE_IN_SAFE, ground ?? paper);
  return [
    ...SIZES.map((size) => {
      return { name: `icon-${size}`, size, purpose: /** @type {const} */ ('any'), png: render(drawing(address, 1), size).asPng() };
    }),
    { name: 'icon-maskable', size: CANVAS, purpose: 'maskable', png: render(masked, CANVAS).asPng() },
  ];
}

/**
 * An icon in the middle of a square.
 *
 * @param {string} address of the icon
 * @param {number} share of the side
 * @param {string} [ground]
 */
function drawing(address, share, ground = 'none') {
  const side = CANVAS * share;
  const edge = (CANVAS - side) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CANVAS}" height="${CANVAS}">
    <rect width="100%" height="100%" fill="${ground}"/>
    <image href="${address}" x="${edge}" y="${edge}" width="${side}" height="${side}"/>
  </svg>`;
}

/**
 * @param {string} svg
 * @param {number} width
 */
function render(svg, width) {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render();
}

/**
 * The one colour in the middle of all four edges, where an icon has its own ground (its corners may be round).
 *
 * @param {{width: number, height: number, pixels: Uint8Array}} image RGBA
 * @returns {string | null} as #rrggbb
 */
function groundOf({ width, height, pixels }) {
  const [x, y] = [width >> 1, height >> 1];
  const colours = [[x, 0], [x, height - 1], [0, y], [width - 1, y]].map(([column = 0, row = 0]) => {
    const at = (row * width + column) * 4;
    return Buffer.from(pixels.subarray(at, at + 4)).toString('hex');
  });
  const [first = ''] = colours;
  return first.endsWith('ff') && colours.every((colour) => colour === first) ? `#${first.slice(0, 6)}` : null;
}
