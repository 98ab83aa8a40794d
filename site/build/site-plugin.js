/**
 * A Vite plugin: makes the page its owner's. What site.json says (site-config.js) goes into index.html, where it stands
 * before any script runs, into the style, and to the scripts as the modules `virtual:site` and `virtual:texts`, and those that
 * come later: `virtual:labels/LANGUAGE`, `virtual:task-texts`, `virtual:video-texts`, `virtual:device-texts`,
 * `virtual:camera-texts` and `virtual:help-texts` (further texts, of the tasks, of videos, of the device, of the camera, of
 * help) and `virtual:doors` (how the owner words the tasks).
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { accentCss } from './colours.js';
import { fillHead, fillTexts } from './site-html.js';
import { readSite } from './site-config.js';

const SITE = fileURLToPath(new URL('..', import.meta.url));
const VIRTUAL = /^virtual:(?:site|texts|task-texts|video-texts|device-texts|camera-texts|help-texts|doors|labels\/[\w-]+)$/;
const LABELS = '\0virtual:labels/';
const JPEG = /\.jpe?g$/i;
const LARGE_BYTES = 300_000; // of a photograph that is its own thumbnail

/** @returns {import('vite').Plugin[]} */
export function ownersSite() {
  /** @type {Record<string, any>} */
  let site;
  let address = '';

  /** @type {import('vite').Plugin} */
  const words = {
    name: 'pagesight-site',
    enforce: 'pre',

    configResolved({ env }) {
      site = readSite(SITE);
      address = (env.VITE_PAGE_URL || site.address).replace(/\/*$/, '/');
    },

    buildStart() {
      for (const name of Object.keys(site.examples)) {
        if (site.photographs.length > 0 && !site.photographs.includes(name)) this.warn(`there is no site/examples/${name}`);
      }
    },

    resolveId: (id) => (VIRTUAL.test(id) ? `\0${id}` : undefined),

    load(id) {
      if (id === '\0virtual:texts') return textsModule(site);
      if (id === '\0virtual:task-texts') return furtherTextsModule(site, 'tasks');
      if (id === '\0virtual:video-texts') return furtherTextsModule(site, 'video');
      if (id === '\0virtual:device-texts') return furtherTextsModule(site, 'device');
      if (id === '\0virtual:help-texts') return furtherTextsModule(site, 'help');
      if (id === '\0virtual:camera-texts') return furtherTextsModule(site, 'camera');
      if (id === '\0virtual:doors') return `export const owners = ${JSON.stringify(site.tasks)};`;
      if (id.startsWith(LABELS)) return labelsModule(site, id.slice(LABELS.length));
      if (id === '\0virtual:site') return siteModule(site, (message) => this.warn(message));
      return undefined;
    },

    transform: (code, id) => (id.endsWith('/style/style.css') ? `${code}\n${accentCss(site.accent)}\n` : undefined),

    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        const [language] = site.languages;
        const { texts } = await import(pathToFileURL(join(SITE, `src/texts/${language}.js`)).href);
        return fillHead(fillTexts(html, site, texts), site, language);
      },
    },

    // While the page is worked on: what is saved shows at once.
    configureServer(server) {
      server.watcher.add([join(SITE, 'site.json'), join(SITE, 'examples')]);
      server.watcher.on('all', (_, path) => {
        if (path !== join(SITE, 'site.json') && !path.startsWith(join(SITE, 'examples'))) return;
        try {
          site = readSite(SITE);
          server.moduleGraph.invalidateAll();
          server.ws.send({ type: 'full-reload' });
        } catch (error) {
          server.config.logger.error(error instanceof Error ? error.message : String(error));
        }
      });
    },
  };

  /** Readers of links want a whole address of the picture, which Vite has put among its files. @type {import('vite').Plugin} */
  const picture = {
    name: 'pagesight-picture',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = bundle['index.html'];
      if (address === '/' || page?.type !== 'asset') return;
      page.source = String(page.source).replace(/(?<="og:image" content=")\.\//, () => address);
    },
  };
  return [words, picture];
}

/**
 * The first language comes with the page, the others when they are spoken, and what labels are called when one is named.
 *
 * @param {{languages: readonly string[], labels: Record<string, object>}} site
 */
function textsModule({ languages, labels }) {
  const [first, ...others] = languages;
  const path = (/** @type {string} */ tag) => JSON.stringify(join(SITE, `src/texts/${tag}.js`));
  const named = languages.filter((tag) => labels[tag] || existsSync(labelsPath(tag)));
  return [
    `import { texts as first } from ${path(first ?? '')};`,
    'export { first };',
    `export const loaders = { ${JSON.stringify(first)}: async () => first,`,
    ...others.map((tag) => `${JSON.stringify(tag)}: async () => (await import(${path(tag)})).texts,`),
    '};',
    'export const labels = {',
    ...named.map((tag) => `${JSON.stringify(tag)}: async () => (await import('virtual:labels/${tag}')).labels,`),
    '};',
  ].join('\n');
}

/** @param {string} tag */
function labelsPath(tag) {
  return join(SITE, `src/texts/labels/${tag}.js`);
}

/**
 * What labels are called in a language: those of the page, and over them the owner's.
 *
 * @param {{labels: Record<string, object>}} site
 * @param {string} tag
 */
function labelsModule({ labels }, tag) {
  const owners = JSON.stringify(labels[tag] ?? {});
  if (!existsSync(labelsPath(tag))) return `export const labels = ${owners};`;
  return `import { labels as ours } from ${JSON.stringify(labelsPath(tag))};\nexport const labels = { ...ours, ...${owners} };`;
}

/**
 * Further texts in the languages that have some; English comes with what they are of.
 *
 * @param {{languages: readonly string[]}} site
 * @param {'tasks' | 'video' | 'device' | 'camera' | 'help'} folder
 */
function furtherTextsModule({ languages }, folder) {
  const translated = languages.filter((tag) => tag !== 'en' && existsSync(join(SITE, `src/texts/${folder}/${tag}.js`)));
  const loaders = translated.map((tag) => {
    const path = JSON.stringify(join(SITE, `src/texts/${folder}/${tag}.js`));
    return `${JSON.stringify(tag)}: async () => (await import(${path})).words,`;
  });
  return ['export const loaders = {', ...loaders, '};'].join('\n');
}

/**
 * @param {Record<string, any>} site
 * @param {(message: string) => void} warn
 */
function siteModule({ name, title, tagline, about, links, start, engines, examples, photographs }, warn) {
  const imports = photographs.map((/** @type {string} */ photograph, /** @type {number} */ index) => {
    const path = join(SITE, 'examples', photograph);
    const bytes = readFileSync(path).length;
    if (!JPEG.test(photograph) && bytes > LARGE_BYTES) {
      warn(`site/examples/${photograph} has ${bytes} bytes and is loaded at once: only a JPEG gets a thumbnail`);
    }
    const thumbnail = JSON.stringify(`${path}?${JPEG.test(photograph) ? 'thumbnail' : 'url'}`);
    return `import url${index} from ${JSON.stringify(`${path}?${JPEG.test(photograph) ? 'example' : 'url'}`)};\nimport thumbnail${index} from ${thumbnail};`;
  });
  const list = photographs.map((/** @type {string} */ photograph, /** @type {number} */ index) => {
    const caption = examples[photograph] ?? photograph.replace(/\.\w+$/, '');
    return `{ name: ${JSON.stringify(photograph)}, caption: ${JSON.stringify(caption)}, url: url${index}, thumbnail: thumbnail${index} },`;
  });
  const words = JSON.stringify({ name, title: title ?? name, tagline: tagline ?? '', about, links, start, engines });
  return [...imports, `export const site = { ...${words}, examples: [`, ...list, '] };'].join('\n');
}
