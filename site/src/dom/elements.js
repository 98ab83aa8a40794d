/** Finding and filling elements. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Find an element of the page that must be there.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new (...args: any[]) => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no #${id}.`);
  return element;
}

/**
 * Make an element with text in it.
 *
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 */
export function element(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {string} tag @param {string} className */
export function svgElement(tag, className) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute('class', className);
  return made;
}
