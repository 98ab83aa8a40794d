/**
 * The result as one HTML file that needs no server, no network and no script: the picture as a data URL under marks in SVG,
 * and the rows. A Content-Security-Policy of its own forbids everything else, and every text is escaped.
 */

import { layLabels } from '../marks/labels.js';
import { markStyle } from '../marks/style.js';
import { labelShapes, shapesOf, toMarkup } from '../marks/svg.js';
import { dataUrlOf } from './data-url.js';
import { escapeMarkup, oneLine } from './markup.js';
import { exportName } from './names.js';

/** @typedef {import('../marks/types.js').MarkGroup} MarkGroup */
/** @typedef {import('../media/types.js').Size} Size */
/** @typedef {import('../tasks/contract.js').Row} Row */

/**
 * @typedef {Readonly<{
 *   picture: Blob,
 *   size: Size,
 *   groups: readonly MarkGroup[],
 *   rows: readonly Row[],
 *   words: Readonly<{language: string, title: string, alt: string, caption: string}>,
 * }>} Result picture: upright and without marks, a JPEG, PNG or WebP
 */

/** Exported to be tested: the policy names its hash. */
export const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
svg.picture { display: block; width: 100%; height: auto; max-height: 85vh; }
svg.picture text { font-family: system-ui, sans-serif; }
p { color: color-mix(in srgb, currentColor 75%, transparent); }
ul { display: grid; gap: .25rem; list-style: none; margin: 1rem 0; padding: 0; }
li { align-items: center; display: flex; gap: .5rem; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
li svg { flex: none; }
`;
const STYLE_HASH = 'sha256-vLxtcAsGEORVkTxtAcmer4xed2cDvpFk0hyTzMDtumI=';
const POLICY = `default-src 'none'; img-src data:; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/**
 * @param {import('./formats.js').Subject} subject
 * @param {{language: string, caption: string}} said in the language that is spoken
 * @returns {Promise<import('./formats.js').Kept>}
 */
export async function makePage({ name, size, task, shown, photograph }, said) {
  const words = { ...said, title: name, alt: task.words(shown).alt };
  const groups = task.marks(shown).filter(({ isQuiet }) => !isQuiet);
  const rows = task.rows(shown).filter(({ isHidden }) => !isHidden);
  const html = await toHtml({ picture: await photograph(), size, groups, rows, words });
  return { name: exportName(name, 'html'), content: new Blob([html], { type: 'text/html' }) };
}

/**
 * @param {Result} result
 * @returns {Promise<string>}
 */
export async function toHtml({ picture, size, groups, rows, words }) {
  const title = escape(words.title);
  const style = markStyle(size);
  const labels = layLabels(groups, style, size, false);
  const drawn = groups.map(({ marks, colour }, index) => {
    const label = labels[index];
    return {
      marks: toMarkup(marks.flatMap((mark) => shapesOf(mark, colour, style)), escape),
      // The font may be another one where the file is opened: the letters take the room that was measured for them.
      label: label ? toMarkup(labelShapes(label.text, label.place, colour, style, true), escape) : '',
    };
  });
  drawn.reverse(); // the first on top
  return `<!doctype html>
<html lang="${escape(words.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<svg class="picture" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escape(words.alt)}">
<image href="${await dataUrlOf(picture)}" width="${size.width}" height="${size.height}" preserveAspectRatio="none"/>
${drawn.map(({ marks }) => marks).join('\n')}
${drawn.map(({ label }) => label).join('\n')}
</svg>
<p>${escape(words.caption)}</p>
<ul>
${rows.map(({ label, figure, colour, note }) => `<li>${swatchOf(escape(colour))}${escape([`${label} ${figure}`, note].filter(Boolean).join(' · '))}</li>`).join('\n')}
</ul>
</body>
</html>
`;
}

/** @param {string} text */
function escape(text) {
  return escapeMarkup(oneLine(text));
}

/** @param {string} colour */
function swatchOf(colour) {
  return `<svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" fill="${colour}"/></svg>`;
}
