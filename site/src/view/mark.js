/**
 * One box in the picture, as elements of an SVG, drawn as the API draws it (api/tasks/detection/draw.py).
 */

import { plateSize } from '../marks/style.js';
import { classColour } from '../marks/colour.js';

/** @typedef {import('../types.js').Box} Box */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Size} Size */

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
  root.append(dark, colour, light);
  let drawn = '';
  let isTabStop = false;

  return {
    root,
    label, // apart, to be drawn over all boxes

    /** @param {boolean} on */
    setLit(on) {
      root.classList.toggle('is-lit', on);
      label.classList.toggle('is-lit', on);
    },

    /** @param {boolean} on */
    setShown(on) {
      root.toggleAttribute('hidden', !on);
      label.toggleAttribute('hidden', !on);
    },

    /** @param {boolean} on */
    setTabStop(on) {
      if (on !== isTabStop) root.setAttribute('tabindex', on ? '0' : '-1');
      isTabStop = on;
    },

    /**
     * Draw it, unless it is drawn so already.
     *
     * @param {{detection: Detection, text: string, name: string, place: Box | null, style: Style, picture: Size}} how
     *   place: of the label's plate; a label without one shows only while the box is lit, at the box's corner
     */
    draw({ detection, text: words, name, place: given, style, picture }) {
      const { box, classId } = detection;
      const isCrowdedOut = given === null;
      const key = `${words}|${name}|${classId}|${[box.x1, box.y1, box.x2, box.y2, style.line, style.text, style.thin]}|${
        given ? [given.x1, given.y1, given.x2] : ''
      }`;
      if (key === drawn) return;
      drawn = key;
      root.setAttribute('aria-label', name);
      root.style.setProperty('--class-colour', classColour(classId));
      label.style.setProperty('--class-colour', classColour(classId));
      const { line, thin } = style;
      strokeInside(dark, box, -thin, thin);
      strokeInside(colour, box, 0, line);
      strokeInside(light, box, line, thin);
      label.classList.toggle('is-crowded-out', isCrowdedOut);
      const place = given ?? cornerPlace(box, plateSize(words, style), picture);
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
 * Above the box at the left, but in the picture.
 *
 * @param {Box} box
 * @param {Size} plate
 * @param {Size} picture
 * @returns {Box}
 */
function cornerPlace(box, plate, picture) {
  const x1 = Math.max(0, Math.min(box.x1, picture.width - plate.width));
  const y1 = Math.max(0, Math.min(box.y1 - plate.height, picture.height - plate.height));
  return { x1, y1, x2: x1 + plate.width, y2: y1 + plate.height };
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
