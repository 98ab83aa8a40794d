/**
 * A Vite plugin: the page can be installed like a program. Writes the manifest and its icons from what site.json says.
 * Source: https://www.w3.org/TR/appmanifest/.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawIcons } from './icons.js';
import { PAPER, readSite } from './site-config.js';
import { say } from './site-html.js';

export const MANIFEST = 'manifest.webmanifest';

/** @returns {import('vite').Plugin} */
export function installable() {
  let folder = '';
  let touchIcon = '';
  return {
    name: 'pagesight-installable',
    apply: 'build',
    configResolved({ root }) {
      folder = root;
    },

    async buildStart() {
      const site = readSite(folder);
      const { icon = 'icon.svg' } = site;
      const type = /\.svg$/i.test(icon) ? 'image/svg+xml' : 'image/png';
      const drawn = await drawIcons(await readFile(join(folder, icon)), type, PAPER.light);
      const icons = drawn.map(({ name, size, purpose, png }) => {
        const fileName = `assets/${name}-${createHash('sha256').update(png).digest('hex').slice(0, 8)}.png`;
        this.emitFile({ type: 'asset', fileName, source: png });
        return { src: fileName, sizes: `${size}x${size}`, type: 'image/png', purpose };
      });
      touchIcon = icons.find(({ purpose }) => purpose === 'maskable')?.src ?? '';
      this.emitFile({ type: 'asset', fileName: MANIFEST, source: `${JSON.stringify(manifest(site, icons), null, 2)}\n` });
    },

    transformIndexHtml: {
      order: 'post', // Vite would take the manifest for a file of the sources
      handler: () => [
        { tag: 'link', attrs: { rel: 'manifest', href: `./${MANIFEST}` } },
        { tag: 'link', attrs: { rel: 'apple-touch-icon', href: `./${touchIcon}` } }, // iOS takes neither SVG nor round corners
      ],
    },
  };
}

/**
 * All addresses are relative, so that the page can be installed from any folder of any host. Who it is, is where it starts.
 *
 * @param {Record<string, any>} site
 * @param {readonly object[]} icons
 */
export function manifest(site, icons) {
  const [lang] = site.languages;
  const colour = site.theme.light ?? PAPER.light;
  return {
    name: site.name,
    ...(site.description ? { description: say(site.description, lang) } : {}),
    lang,
    start_url: './',
    scope: './',
    display: 'standalone',
    theme_color: colour,
    background_color: PAPER.light,
    icons,
  };
}
