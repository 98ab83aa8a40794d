/** Names what the pointer is over, or what was tapped, beside it. The same stands in the list for those who see no picture. */

import '../../style/region-name.css';

import { byId, element } from '../../dom/elements.js';
import { classColour } from '../../marks/colour.js';

/** @typedef {import('./types.js').Result} Result */
/** @typedef {Readonly<{text: string, classId: number}>} Name */

/** @param {(x: number, y: number) => Name | null} nameAt in pixels of the picture */
export function createHover(nameAt) {
  const frame = byId('frame', HTMLElement);
  const marks = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId('marks', SVGElement)));
  const plate = element('p', 'region-name');
  plate.setAttribute('aria-hidden', 'true');
  plate.hidden = true;
  frame.append(plate);
  const listening = new AbortController();
  const { signal } = listening;

  /** @param {PointerEvent} event */
  function follow(event) {
    const { left, top, width, height } = marks.getBoundingClientRect();
    const { width: across, height: down } = marks.viewBox.baseVal;
    const scale = Math.max(across / Math.max(1, width), down / Math.max(1, height));
    const [x, y] = [event.clientX - left - width / 2, event.clientY - top - height / 2];
    const name = nameAt(x * scale + across / 2, y * scale + down / 2);
    plate.hidden = name === null;
    if (!name) return;
    const room = frame.getBoundingClientRect();
    plate.textContent = name.text;
    plate.style.setProperty('--class-colour', classColour(name.classId));
    plate.style.left = `${Math.max(0, Math.min(event.clientX - room.left, room.width - plate.offsetWidth))}px`;
    plate.style.top = `${Math.max(plate.offsetHeight, event.clientY - room.top)}px`;
  }

  marks.addEventListener('pointermove', (event) => event.pointerType !== 'touch' && follow(event), { signal });
  marks.addEventListener('click', (event) => follow(/** @type {PointerEvent} */ (event)), { signal });
  marks.addEventListener('pointerleave', (event) => event.pointerType !== 'touch' && (plate.hidden = true), { signal });

  return {
    remove() {
      listening.abort();
      plate.remove();
    },
  };
}
