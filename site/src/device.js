/** The wiring of the visitor's own device: loaded when the server is away or busy, or when photographs are kept here. */

import { createStandIn } from './app/stand-in.js';
import { expectedWait } from './engines/remote/place.js';
import { speakDevice } from './texts/device/words.js';
import { askToLoad, showKept, showLoading, tellOut } from './view/device/device.js';

const KEEP = 'keep-here';
const GUESS_S = 1; // of a picture at the server, before one was answered

/**
 * @param {{
 *   here: import('./engines/contract.js').Engine | undefined,
 *   server: import('./engines/contract.js').Engine | undefined,
 *   engines: ReturnType<typeof import('./engines/choose.js').createEngineChoice>,
 *   preferences: typeof import('./view/preferences.js'),
 *   choices: ReturnType<typeof import('./app/choices.js').createChoices>,
 *   viewer: import('./app/viewer.js').Viewer,
 *   models: () => Promise<ReturnType<typeof import('./models.js').wireModels>>,
 *   loadModels: () => void,
 *   kept: {is: boolean},
 *   poller: import('./engines/remote/poller.js').Poller,
 *   light: Pick<ReturnType<typeof import('./app/light.js').createLight>, 'last'>,
 * }} parts kept: whether no photograph may leave the device
 */
export async function wireDevice({ here, server, engines, preferences, choices, viewer, models, loadModels, kept, poller, light }) {
  if (!here?.device) throw new Error('This page has no model for the device.');
  await speakDevice();
  const engine = { ...here, device: here.device };
  const { connection = {} } = /** @type {{connection?: import('./app/stand-in.js').Connection}} */ (navigator);
  const standIn = createStandIn({
    engine,
    server,
    isKept: () => kept.is,
    waitS() {
      const { queue = null } = light.last() ?? {};
      return queue && expectedWait(queue.waiting, queue.running, viewer.secondsEach() ?? GUESS_S);
    },
    async wanted(model) {
      const { task } = choices.page();
      return task || !model ? task || null : (await (await models()).card(model))?.door ?? null;
    },
    connection,
    ask: askToLoad,
    showLoading,
    onDefaults: (defaults) => choices.tell(defaults) && viewer.refresh(),
    onFailed: () => void poller.check(),
    preferences,
  });

  return {
    ...standIn,
    tellOut: () => tellOut(engine.device),

    /** The visitor has chosen whether their photographs are kept here. */
    keep() {
      preferences.remember(KEEP, kept.is ? 'yes' : null);
      engines.choose((kept.is || !server ? engine : server).id);
      showKept(kept.is);
      loadModels();
    },
  };
}
