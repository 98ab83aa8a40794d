/** The marks of one thing in the picture, as elements of an SVG. */

import { svgElement } from '../dom/elements.js';
import { labelShapes, shapesOf } from '../marks/svg.js';

/** @typedef {import('../marks/labels.js').Label} Label */
/** @typedef {import('../marks/types.js').MarkGroup} MarkGroup */
/** @typedef {import('../marks/svg.js').Shape} Shape */
/** @typedef {import('../marks/style.js').Style} Style */

/** @typedef {ReturnType<typeof createMark>} MarkElement */

/** Make a mark that shows nothing yet. */
export function createMark() {
  const root = /** @type {SVGGElement} */ (svgElement('g', 'mark'));
  root.setAttribute('role', 'button');
  root.setAttribute('tabindex', '-1');
  const label = svgElement('g', 'mark-label');
  let drawn = '';
  let isTabStop = false;

  return {
    root,
    label, // apart, to be drawn over all marks

    /** @param {boolean} on @param {boolean} isPinned */
    setLit(on, isPinned) {
      root.setAttribute('aria-pressed', String(isPinned));
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
     * @param {MarkGroup} group
     * @param {Label | null} laid a label that is crowded out shows only while the mark is lit
     * @param {Style} style
     */
    draw(group, laid, style) {
      const key = JSON.stringify([group, laid, style]);
      if (key === drawn) return;
      drawn = key;
      root.setAttribute('aria-label', group.name);
      for (const part of [root, label]) part.classList.toggle('is-quiet', Boolean(group.isQuiet));
      root.style.setProperty('--class-colour', group.colour);
      fill(root, group.marks.flatMap((mark) => shapesOf(mark, group.colour, style)));
      fill(label, laid ? labelShapes(laid.text, laid.place, group.colour, style) : []);
      label.classList.toggle('is-crowded-out', laid?.isCrowdedOut ?? false);
    },
  };
}

/**
 * Make an element of each shape, of those that are there as far as they fit.
 *
 * @param {Element} parent
 * @param {readonly Shape[]} shapes
 */
function fill(parent, shapes) {
  while (parent.children.length > shapes.length) parent.lastElementChild?.remove();
  shapes.forEach(({ tag, part, attributes, text }, index) => {
    let child = parent.children[index];
    if (child?.tagName !== tag || child.getAttribute('class') !== `mark-${part}`) {
      const made = svgElement(tag, `mark-${part}`);
      if (child) child.replaceWith(made);
      else parent.append(made);
      child = made;
    }
    for (const [name, value] of Object.entries(attributes)) child.setAttribute(name, String(value));
    if (text !== undefined) child.textContent = text;
  });
}
