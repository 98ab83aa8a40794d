/**
 * hOCR 1.2, a web page whose elements say where on the picture they stand: http://kba.github.io/hocr-spec/1.2/. A line that is
 * turned has its outline (`poly`) and its angle beside the box around it.
 */

import { escapeMarkup, oneLine } from '../../../save/markup.js';
import { angleOf, boxAround } from '../place.js';

/** @typedef {import('../types.js').Line} Line */
/** @typedef {import('../types.js').Size} Size */

const LEVEL_DEGREES = 0.5; // what is turned by less is not turned

/**
 * @param {Readonly<{name: string, size: Size, model: string}>} page name: of the picture's file
 * @param {readonly Line[]} lines in pixels of that size, in reading order
 * @returns {string} HTML that is XML, too, as the readers of hOCR want it
 */
export function toHocr({ name, size, model }, lines) {
  const title = escape(name);
  const image = escape(`image "${name.replaceAll('"', "'").replaceAll(';', ',')}"`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="und" lang="und">
<head>
<meta charset="utf-8" />
<title>${title}</title>
<meta name="ocr-system" content="Pagesight ${escape(model)}" />
<meta name="ocr-capabilities" content="ocr_page ocr_line ocrp_lang ocrp_poly" />
<meta name="ocr-langs" content="unknown" />
<meta name="ocr-scripts" content="unknown" />
<meta name="ocr-number-of-pages" content="1" />
</head>
<body>
<div class="ocr_page" id="page_1" lang="und" title="${image}; bbox 0 0 ${size.width} ${size.height}; ppageno 0">
${lines.map((line, index) => `<span class="ocr_line" id="line_1_${index + 1}" lang="und" title="${propertiesOf(line, size)}">${escape(line.text)}</span><br />`).join('\n')}
</div>
</body>
</html>
`;
}

/** @param {Line} line @param {Size} size */
function propertiesOf({ polygon, confidence }, { width, height }) {
  const { x1, y1, x2, y2 } = boxAround(polygon);
  const box = [Math.floor(within(x1, width)), Math.floor(within(y1, height)), Math.ceil(within(x2, width)), Math.ceil(within(y2, height))];
  const angle = angleOf(polygon);
  const corners = polygon.flatMap(({ x, y }) => [Math.round(within(x, width)), Math.round(within(y, height))]);
  const turned = Math.abs(angle) < LEVEL_DEGREES ? [] : [`poly ${corners.join(' ')}`, `textangle ${Number(angle.toFixed(1))}`];
  return [`bbox ${box.join(' ')}`, ...turned, `x_wconf ${Math.round(confidence * 100)}`].join('; ');
}

/** @param {number} value @param {number} most */
function within(value, most) {
  return Math.max(0, Math.min(value, most));
}

/** @param {string} text */
function escape(text) {
  return escapeMarkup(oneLine(text));
}
