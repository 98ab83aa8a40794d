import { Resvg } from '@resvg/resvg-wasm';
import { describe, expect, test } from 'vitest';
import { drawIcons } from '../../../site/build/icons.js';
import { manifest } from '../../../site/build/installable.js';

const PAPER = '#f6f6f3';
const svg = (shapes, ratio = '10 10') => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${ratio}">${shapes}</svg>`);
const GROUNDED = svg('<rect width="10" height="10" rx="3" fill="#2f54c8"/><circle cx="5" cy="5" r="2" fill="#fff"/>');
const BARE = svg('<rect width="10" height="10" rx="5" fill="#ff0000" transform="scale(.5)"/>');

/** @param {Uint8Array} png */
function pixelsOf(png) {
  const address = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const size = Buffer.from(png).readUInt32BE(16);
  const { pixels } = new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><image href="${address}" width="${size}" height="${size}"/></svg>`,
  ).render();
  return { size, at: (x, y) => [...pixels.subarray((Math.floor(y * size) * size + Math.floor(x * size)) * 4).subarray(0, 4)] };
}

/** Those that are drawn, by their purpose and side. */
async function drawn(icon, type = 'image/svg+xml') {
  return Object.fromEntries((await drawIcons(icon, type, PAPER)).map(({ purpose, size, png }) => [`${purpose} ${size}`, pixelsOf(png)]));
}

describe('the icons', () => {
  test('have the sizes that systems ask for', async () => {
    const icons = await drawn(GROUNDED);
    expect(Object.keys(icons)).toEqual(['any 192', 'any 512', 'maskable 512']);
    expect(Object.values(icons).map(({ size }) => size)).toEqual([192, 512, 512]);
  });

  test('are the owner’s', async () => {
    const { 'any 192': icon } = await drawn(GROUNDED);
    expect(icon.at(0, 0)[3]).toBe(0); // a round corner
    expect(icon.at(0.5, 0)).toEqual([47, 84, 200, 255]);
    expect(icon.at(0.5, 0.5)).toEqual([255, 255, 255, 255]);
  });

  test('may be cut into any shape: a ground goes on to the edges', async () => {
    const { 'maskable 512': icon } = await drawn(GROUNDED);
    for (const [x, y] of [[0, 0], [0.99, 0], [0, 0.99], [0.99, 0.99], [0.12, 0.12]]) expect(icon.at(x, y)).toEqual([47, 84, 200, 255]);
    expect(icon.at(0.5, 0.5)).toEqual([255, 255, 255, 255]);
  });

  test('without a ground lie on the page’s paper, within the circle that is sure to be seen', async () => {
    const { 'maskable 512': icon, 'any 512': plain } = await drawn(BARE);
    expect(icon.at(0, 0)).toEqual([246, 246, 243, 255]);
    expect(plain.at(0.25, 0.25)).toEqual([255, 0, 0, 255]);
    const edge = (1 - 0.8 / Math.SQRT2) / 2;
    expect(icon.at(edge - 0.01, 0.36)).toEqual([246, 246, 243, 255]);
    expect(icon.at(edge + 0.01, 0.36)).toEqual([255, 0, 0, 255]);
  });

  test('may be drawn from a PNG, and one that is not square stays as it is', async () => {
    const png = new Resvg(svg('<rect width="20" height="10" fill="#00ff00"/>', '20 10').toString(), { fitTo: { mode: 'width', value: 200 } }).render().asPng();
    const { 'any 192': icon } = await drawn(png, 'image/png');
    expect(icon.at(0.5, 0.5)).toEqual([0, 255, 0, 255]);
    expect(icon.at(0.5, 0.1)[3]).toBe(0);
  });
});

describe('the manifest', () => {
  const site = { name: 'Casque', description: { fr: 'Trouve des casques.' }, languages: ['fr'], theme: { light: '#fff4ee' } };

  test('says what the owner says, in the first language', () => {
    expect(manifest(site, [])).toMatchObject({ name: 'Casque', description: 'Trouve des casques.', lang: 'fr', theme_color: '#fff4ee' });
    expect(manifest({ ...site, theme: {} }, [])).toMatchObject({ theme_color: PAPER });
  });

  test('fits any folder of any host, each with a page of its own', () => {
    expect(manifest(site, [])).toMatchObject({ start_url: './', scope: './', display: 'standalone' });
    expect(manifest(site, [])).not.toHaveProperty('id');
  });
});
