/**
 * One box in the picture, as elements of an SVG: drawn like in the picture that the API draws (api/detection/draw.py).
 */

import { classColour } from './class-colour.js';

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */

/**
 * @typedef {Readonly<{line: number, thin: number, text: number, padding: number}>} Style sizes in pixels of the picture
 *
 * @typedef {ReturnType<typeof createBox>} BoxElement
 */

const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} tag @param {string} className */
export function svgElement(tag, className) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute('class', className);
  return made;
}

/** Make a box that shows nothing yet. */
export function createBox() {
  const root = /** @type {SVGGElement} */ (svgElement('g', 'box'));
  root.setAttribute('role', 'button');
  root.setAttribute('tabindex', '-1');
  const dark = svgElement('rect', 'box-dark');
  const colour = svgElement('rect', 'box-colour');
  const light = svgElement('rect', 'box-light');
  const label = svgElement('g', 'box-label');
  const plate = svgElement('rect', 'box-plate');
  const text = svgElement('text', 'box-text');
  label.append(plate, text);
  root.append(dark, colour, light, label);
  let drawn = '';

  return {
    root,

    /**
     * Draw it, unless it is drawn so already.
     *
     * @param {{detection: Detection, text: string, name: string, place: Box | null, isCrowdedOut: boolean, style: Style}} how
     *   place: of the label's plate; one that is crowded out shows only while the box is lit
     */
    draw({ detection, text: words, name, place, isCrowdedOut, style }) {
      const { box, classId } = detection;
      const key = `${words}|${name}|${classId}|${[box.x1, box.y1, box.x2, box.y2, style.line, style.text, style.thin]}|${
        place ? [place.x1, place.y1, place.x2] : ''
      }|${isCrowdedOut}`;
      if (key === drawn) return;
      drawn = key;
      root.setAttribute('aria-label', name);
      root.style.setProperty('--class-colour', classColour(classId));
      const { line, thin } = style;
      strokeInside(dark, box, -thin, thin);
      strokeInside(colour, box, 0, line);
      strokeInside(light, box, line, thin);
      label.classList.toggle('is-crowded-out', isCrowdedOut);
      if (!place) return;
      setRect(plate, place.x1 + thin / 2, place.y1 + thin / 2, place.x2 - thin / 2, place.y2 - thin / 2);
      plate.setAttribute('stroke-width', String(thin));
      text.textContent = words;
      text.setAttribute('x', String(place.x1 + style.padding));
      text.setAttribute('y', String((place.y1 + place.y2) / 2 + style.text * 0.35));
      text.setAttribute('font-size', String(style.text));
    },
  };
}

/**
 * A line of a width, that far inside of the box.
 *
 * @param {Element} rect
 * @param {Box} box
 * @param {number} inset
 * @param {number} width
 */
function strokeInside(rect, { x1, y1, x2, y2 }, inset, width) {
  const by = inset + width / 2;
  rect.setAttribute('stroke-width', String(width));
  setRect(rect, x1 + by, y1 + by, x2 - by, y2 - by);
}

/**
 * @param {Element} rect
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function setRect(rect, x1, y1, x2, y2) {
  rect.setAttribute('x', String(x1));
  rect.setAttribute('y', String(y1));
  rect.setAttribute('width', String(Math.max(0, x2 - x1)));
  rect.setAttribute('height', String(Math.max(0, y2 - y1)));
}
