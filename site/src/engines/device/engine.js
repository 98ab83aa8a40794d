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
  /** @type {Promise<ReturnType<typeof import('./computer.js').createComputer>> | undefined} */
  let started;
  const computer = () => (started ??= import('./computer.js').then(
    ({ createComputer }) => createComputer(),
    (error) => {
      started = undefined;
      throw Object.assign(error, { kind: 'missing-part' });
    },
  ));
  const describe = async () => (await computer()).describe();

  return Object.freeze({
    id: 'device',
    place: 'device',
    takesFrames: true,
    label: () => texts.places.device(device?.name ?? ''),
    run: async (picture, options) => (await computer()).run(picture, options),
    models: async () => [(await computer()).cardOf((await describe()).card)],
    labels: async () => (await describe()).card.labels,
    device: {
      model: device?.name ?? '',
      bytes: device?.bytes ?? 0,
      isReady: async () => (await computer()).isReady(),
      defaults: async () => (await describe()).defaults,
    },
  });
}
