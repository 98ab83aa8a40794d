/** Which model looked at the picture, and how long each stage took. */

import { texts } from '../texts/texts.js';
import { byId, element } from './dom.js';

const ORDER = Object.freeze(['prepare', 'upload', 'queue', 'decode', 'inference', 'render']);

/**
 * @param {string} model
 * @param {Readonly<Record<string, number>>} timings in milliseconds
 */
export function showTimings(model, timings) {
  byId('model', HTMLElement).textContent = texts.foundBy(model);
  const known = ORDER.filter((stage) => timings[stage] !== undefined);
  const further = Object.keys(timings).filter((stage) => !ORDER.includes(stage));
  byId('timings', HTMLElement).replaceChildren(
    ...[...known, ...further].flatMap((stage) => [
      element('dt', 'timings-stage', texts.stages[stage] ?? stage),
      element('dd', 'timings-time', texts.duration(timings[stage] ?? 0)),
    ]),
  );
}
