/** Which model looked at the picture, where, and how long each stage took. */

import '../style/adjust.css';
import { byId, element } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

const ORDER = Object.freeze(['prepare', 'upload', 'queue', 'decode', 'inference', 'render', 'receive']);

/**
 * @param {Readonly<{model: string, place: 'server' | 'device'}>} answer
 * @param {Readonly<Record<string, number>>} timings in milliseconds
 */
export function showTimings({ model, place }, timings) {
  byId('place', HTMLElement).textContent = texts.places[place](model);
  const known = ORDER.filter((stage) => timings[stage] !== undefined);
  const further = Object.keys(timings).filter((stage) => !ORDER.includes(stage));
  byId('timings', HTMLElement).replaceChildren(
    ...[...known, ...further].flatMap((stage) => [
      element('dt', 'timings-stage', texts.stages[stage] ?? stage),
      element('dd', 'timings-time', texts.duration(timings[stage] ?? 0)),
    ]),
  );
}
