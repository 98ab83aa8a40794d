/** Puts the owner's words, and the page's own in the first language, into index.html. */

import { PAPER } from './site-config.js';

/** @typedef {string | Readonly<Record<string, string>>} Words a text, or one for each language */

/**
 * Say something in a language, else in the first one that it is given in.
 *
 * @param {Words} words
 * @param {string} language
 */
export function say(words, language) {
  return typeof words === 'string' ? words : words[language] ?? Object.values(words)[0] ?? '';
}

/**
 * Fill the elements that have texts: `data-text` and `data-label` with the page's, `data-site` with the owner's.
 *
 * @param {string} html
 * @param {Record<string, any>} site
 * @param {{language: string, fixed: Record<string, string>, labels: Record<string, string>}} texts
 */
export function fillTexts(html, site, texts) {
  const owners = { name: site.name, tagline: say(site.tagline ?? '', texts.language), about: say(site.about, texts.language) };
  return html
    .replace(/<html lang="\w*"/, `<html lang="${texts.language}"`)
    .replace(/data-label="(\w+)"/g, (found, key) => `${found} aria-label="${escape(texts.labels[key] ?? '')}"`)
    .replace(/(<[^>]* data-text="(\w+)"[^>]*>)(?=<\/)/g, (found, tag, key) => tag + escape(texts.fixed[key] ?? ''))
    .replace(/(<[^>]* data-site="(\w+)"[^>]*>)(?=<\/)/g, (found, tag, key) => tag + ownersHtml(key, owners, site, texts.language))
    .replace(/(<section [^>]*id="about"[^>]*) hidden>/, site.about || site.links.length > 0 ? '$1>' : '$&');
}

/**
 * @param {string} key
 * @param {Record<string, string>} owners
 * @param {Record<string, any>} site
 * @param {string} language
 */
function ownersHtml(key, owners, { links }, language) {
  if (key !== 'links') return escape(owners[key] ?? '');
  return links
    .map((/** @type {{text: Words, url: string}} */ { text, url }) => {
      return `<li><a class="about-link" href="${escape(url)}" rel="noopener">${escape(say(text, language))}</a></li>`;
    })
    .join('');
}

/**
 * Write what is read of the page without opening it. Source: https://ogp.me/.
 *
 * @param {string} html
 * @param {Record<string, any>} site
 * @param {string} language
 */
export function fillHead(html, site, language) {
  const title = say(site.title ?? site.name, language);
  const description = say(site.description ?? '', language);
  const icon = site.icon ?? 'icon.svg';
  /** @param {'light' | 'dark'} scheme */
  const theme = (scheme) =>
    meta({ name: 'theme-color', content: site.theme[scheme] ?? PAPER[scheme], media: `(prefers-color-scheme: ${scheme})` });
  const tags = [
    `<title>${escape(title)}</title>`,
    ...(description ? [meta({ name: 'description', content: description })] : []),
    meta({ property: 'og:type', content: 'website' }),
    meta({ property: 'og:title', content: title }),
    ...(description ? [meta({ property: 'og:description', content: description })] : []),
    ...(site.address ? [meta({ property: 'og:url', content: site.address })] : []),
    ...(site.picture ? pictureTags(`./${site.picture}`) : []),
    theme('light'),
    theme('dark'),
    `<link rel="icon" href="./${escape(icon)}"${icon.endsWith('.svg') ? ' type="image/svg+xml"' : ''}>`,
  ];
  return html.replace('<!-- site.json -->', tags.join('\n    '));
}

/** @param {string} address */
function pictureTags(address) {
  return [meta({ property: 'og:image', content: address }), meta({ name: 'twitter:card', content: 'summary_large_image' })];
}

/** @param {Record<string, string>} attributes */
function meta(attributes) {
  return `<meta ${Object.entries(attributes).map(([name, value]) => `${name}="${escape(value)}"`).join(' ')}>`;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
