/**
 * The result as one HTML file that needs no server, no network and no script: the picture as a data URL under boxes in
 * SVG, and the list of what was found. A Content-Security-Policy of its own forbids everything else, and every text is
 * escaped.
 */

import { escapeMarkup, oneLine, rounded } from '../tasks/detection/formats/annotations.js';

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Size} Size */

/**
 * @typedef {Readonly<{
 *   picture: Blob,
 *   size: Size,
 *   detections: readonly Detection[],
 *   labels: readonly Box[],
 *   style: Readonly<{line: number, text: number, padding: number}>,
 *   colourOf: (classId: number) => string,
 *   textOf: (detection: Detection) => string,
 *   words: Readonly<{language: string, title: string, alt: string, caption: string}>,
 * }>} Result
 *   picture: upright and without boxes, a JPEG, PNG or WebP. labels: where the label of each detection goes. style:
 *   sizes in pixels of the picture. colourOf: as CSS takes it. textOf: what the label says
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

const DARK = '#111';
const LIGHT = '#fff';
const CHUNK_BYTES = 3 * 4096; // a multiple of 3, so that Base64 needs no filling in between
const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'];

/**
 * @param {Result} result
 * @returns {Promise<string>}
 */
export async function toHtml({ picture, size, detections, labels, style, colourOf, textOf, words }) {
  const title = escapeMarkup(oneLine(words.title));
  const drawn = detections.map((detection) => ({
    box: detection.box,
    colour: escapeMarkup(colourOf(detection.classId)),
    text: escapeMarkup(oneLine(textOf(detection))),
  }));
  const plates = drawn.map(({ colour, text }, index) => plateOf(labels[index], text, colour, style));
  return `<!doctype html>
<html lang="${escapeMarkup(words.language)}">
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
<svg class="picture" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeMarkup(words.alt)}">
<image href="${await dataUrlOf(picture)}" width="${size.width}" height="${size.height}" preserveAspectRatio="none"/>
${drawn.map(({ box, colour }) => boxOf(box, colour, style.line)).reverse().join('\n')}
${plates.reverse().join('\n')}
</svg>
<p>${escapeMarkup(words.caption)}</p>
<ul>
${drawn.map(({ colour, text }) => `<li>${swatchOf(colour)}${text}</li>`).join('\n')}
</ul>
</body>
</html>
`;
}

/**
 * @param {Box} box
 * @param {string} colour
 * @param {number} line
 */
function boxOf({ x1, y1, x2, y2 }, colour, line) {
  return [
    { inset: -1, width: 1, ink: DARK },
    { inset: 0, width: line, ink: colour },
    { inset: line, width: 1, ink: LIGHT },
  ]
    .map(({ inset, width, ink }) => {
      const by = inset + width / 2;
      const rect = placed(x1 + by, y1 + by, x2 - by, y2 - by);
      return `<rect ${rect} fill="none" stroke="${ink}" stroke-width="${width}"/>`;
    })
    .join('');
}

/**
 * @param {Box | undefined} place
 * @param {string} text
 * @param {string} colour
 * @param {Result['style']} style
 */
function plateOf(place, text, colour, style) {
  if (!place) return '';
  const { x1, y1, x2, y2 } = place;
  const [left, baseline] = [rounded(x1 + style.padding, 3), rounded((y1 + y2) / 2 + style.text * 0.35, 3)];
  const rect = `<rect ${placed(x1 + 0.5, y1 + 0.5, x2 - 0.5, y2 - 0.5)} fill="${colour}" stroke="${DARK}"/>`;
  // The font may be another one where the file is opened: the letters take the room that was measured for them.
  const room = `textLength="${rounded(Math.max(1, x2 - x1 - 2 * style.padding), 3)}" lengthAdjust="spacingAndGlyphs"`;
  const font = `font-size="${style.text}" fill="${DARK}"`;
  return `${rect}<text x="${left}" y="${baseline}" ${room} ${font}>${text}</text>`;
}

/** @param {string} colour */
function swatchOf(colour) {
  return `<svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" fill="${colour}"/></svg>`;
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function placed(x1, y1, x2, y2) {
  const [x, y, width, height] = [x1, y1, Math.max(0, x2 - x1), Math.max(0, y2 - y1)].map((value) => rounded(value, 3));
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

/**
 * @param {Blob} picture
 * @returns {Promise<string>}
 */
async function dataUrlOf(picture) {
  if (!PICTURE_TYPES.includes(picture.type)) throw new TypeError(`not every browser shows ${picture.type}`);
  const bytes = new Uint8Array(await picture.arrayBuffer());
  /** @type {string[]} */
  const letters = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    letters.push(btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES))));
  }
  return `data:${picture.type};base64,${letters.join('')}`;
}
