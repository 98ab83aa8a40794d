/** The visitor's own device as an engine. What computes comes with the first picture. */

import { device } from 'virtual:device';
import { texts } from '../../texts/texts.js';

/** @typedef {import('../contract.js').Engine} Engine */

/**
 * @typedef {Readonly<{
 *   model: string,
 *   bytes: number,
 *   isReady: () => Promise<boolean>,
 *   defaults: () => Promise<Readonly<Record<string, unknown>>>,
 * }>} OwnDevice model: its name. bytes: of all that is loaded before the first picture. isReady: whether it is loaded, or kept
 *   by the browser. defaults: what the model answers with, by the names that the server tells them by
 */

/** @returns {Engine} */
export function createDeviceEngine() {
  /** @typedef {ReturnType<typeof import('./computer.js').createComputer>} Computer */
  /** @type {Promise<Computer> | undefined} */
  let started;
  const computer = () => (started ??= import('./computer.js').then(
    ({ createComputer }) => createComputer(),
    (error) => {
      started = undefined;
      throw Object.assign(error, { kind: 'missing-part' });
    },
  ));
  /** @template {keyof Computer} K @param {K} name @returns {Computer[K]} */
  const later = (name) => /** @type {any} */ (async (/** @type {any[]} */ ...given) => /** @type {any} */ (await computer())[name](...given));

  return {
    id: 'device',
    place: 'device',
    takesFrames: true,
    label: () => texts.places.device(device?.name ?? ''),
    run: later('run'),
    models: later('models'),
    labels: later('labels'),
    device: { model: device?.name ?? '', bytes: device?.bytes ?? 0, isReady: later('isReady'), defaults: later('defaults') },
  };
}
