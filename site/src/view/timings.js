/** Which model looked at the picture, where, and how long each stage took; of a chain, each of its models, too. */

import '../style/adjust.css';
import { byId, element } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

const ORDER = Object.freeze(['prepare', 'upload', 'queue', 'decode', 'inference', 'render', 'receive']);
const OF_STEPS = 'inference'; // the stage that a chain's steps make up
const STEPS_MAX = 100;
const NAME_MAX = 200; // characters

/**
 * @param {Readonly<{model: string, place: 'server' | 'device', steps?: unknown}>} answer steps: nothing is believed of them
 * @param {Readonly<Record<string, number>>} timings in milliseconds
 */
export function showTimings({ model, place, steps }, timings) {
  byId('place', HTMLElement).textContent = texts.places[place](model);
  const known = ORDER.filter((stage) => timings[stage] !== undefined);
  const further = Object.keys(timings).filter((stage) => !ORDER.includes(stage));
  byId('timings', HTMLElement).replaceChildren(
    ...[...known, ...further].flatMap((stage) => [
      ...lineOf('timings-stage', texts.stages[stage] ?? stage, timings[stage] ?? 0),
      ...(stage === OF_STEPS ? stepsOf(steps).flatMap(({ name, ms }) => lineOf('timings-stage timings-step', name, ms)) : []),
    ]),
  );
}

/** @param {string} className @param {string} name @param {number} ms */
function lineOf(className, name, ms) {
  return [element('dt', className, name), element('dd', 'timings-time', texts.duration(ms))];
}

/** @param {unknown} steps [{model, ms, runs}] */
function stepsOf(steps) {
  return (Array.isArray(steps) ? steps.slice(0, STEPS_MAX) : []).flatMap((step) => {
    const { model, ms, runs } = /** @type {Record<string, unknown>} */ (step ?? {});
    if (typeof model !== 'string' || typeof ms !== 'number' || !(ms >= 0)) return [];
    const many = Number.isInteger(runs) && Number(runs) !== 1 ? ` × ${runs}` : '';
    return [{ name: model.slice(0, NAME_MAX) + many, ms }];
  });
}
