/** The wiring: the one module that knows every part, and does nothing else. */

import { site } from 'virtual:site';
import { createAsk } from './app/ask.js';
import { createChoices } from './app/choices.js';
import { createController } from './app/controller.js';
import { createEditSwitch } from './app/editing.js';
import { createIntake } from './app/intake.js';
import { createLabels } from './app/labels.js';
import { createLight } from './app/light.js';
import { createPhotographs } from './app/photographs.js';
import { createViewer } from './app/viewer.js';
import { createEngineChoice } from './engines/choose.js';
import { engines as known } from './engines/registry.js';
import { createPoller } from './engines/remote/poller.js';
import { createPreparer, loadWhenIdle } from './media/preparer.js';
import { tasks } from './tasks/registry.js';
import { chooseLanguage, learnLabels, speak } from './texts/texts.js';
import { onAddress, readAddress, writeAddress } from './view/address.js';
import { copy, download, share } from './view/download.js';
import { createDoors } from './view/doors.js';
import { createLanguageSwitch } from './view/language.js';
import { nameMissingParts } from './view/missing-parts.js';
import { createPage } from './view/page.js';
import { recall, remember } from './view/preferences.js';
import { createToolsDoor } from './view/tools-door.js';
import { askBeforeLeaving, isTabVisible, onTabFocus } from './view/tab.js';
import { trustOwnScripts } from './view/trusted-scripts.js';

trustOwnScripts();
nameMissingParts();
const address = { onAddress, readAddress, writeAddress };
const preferences = { recall, remember };
await speak(chooseLanguage(recall('language'), navigator.languages));

// The API's address is built in where another host serves the page; else it is where the page came from.
const apiUrl = new URL(import.meta.env.VITE_API_URL || './', window.location.href).href;
const kept = { is: false }; // whether no photograph may leave the device
const engines = createEngineChoice(known.map((create) => create({ apiUrl, isKept: () => kept.is })), site.engines);
const server = engines.all.find(({ status }) => status);
const here = engines.all.find(({ device }) => device);
const choices = createChoices({ start: site.start, address, preferences });
const { labelsOf } = createLabels(engines);

const page = createPage({
  site,
  engines: engines.all.filter((engine) => engine !== here), // it has a switch of its own
  saving: loadSaving,
  summaryOf: (job) => viewer.summaryOf(job),
  onFiles: (files) => intake.startFiles(files),
  onExample: (example) => intake.startExample(example),
  onCancel: (job) => void controller.cancel(job),
  onAdd: (files) => intake.addFiles(files),
  onReset: () => intake.remove(...controller.jobs()),
  onRemove: (job) => intake.remove(job),
  onRetry: (...jobs) => void controller.retry(...jobs),
  onRetrySelected: () => void controller.retrySelected(),
  onSelect: (job) => controller.select(job),
  onEdit: () => void editing.toggle(),
  onDiscard: () => void viewer.discard(),
  onEngine: (id) => (engines.choose(id), loadModels()),
  onLive: () => void openLive().catch(page.tellMissing),
  onSave: async (format) => (await loadSaving()).save(format),
  further: async () => (await models()).further(),
  onTouch: () => viewer.touch(),
  onChoice: (change) => viewer.choose(change),
  onSettled: () => viewer.settle(),
  onServer: (isOn) => viewer.showAsServerDrew(isOn),
  onResetView: () => viewer.backToStart(),
});

/** @type {Promise<ReturnType<typeof import('./models.js').wireModels>> | undefined} once the server is there */
let listed;
const models = () => (listed ??= import('./models.js').then(
  ({ wireModels }) => wireModels({ tasks, engines, choices, viewer, controller, intake, examples: site.examples }),
  (error) => {
    listed = undefined;
    throw Object.assign(error, { kind: 'missing-part' });
  },
));
const loadModels = () => void models().then((it) => it.load()).catch(() => {}); // asked for again with the next light
const modelNamed = async () => (choices.page().model || choices.page().task ? (await models()).current() : null);

/** @param {unknown} jobs what the server tells of them */
async function loadVideos(jobs) {
  const { takeVideos } = await import('./videos.js');
  const parts = { server, tasks, page, choices, viewer, controller, intake, labelsOf, model: modelNamed, copy, address };
  takeVideos(parts, jobs);
}

/** @type {ReturnType<typeof import('./device.js').wireDevice> | undefined} once the device has something to do */
let ownDevice;
const loadDevice = () => (ownDevice ??= import('./device.js').then(
  ({ wireDevice }) => wireDevice({ here, server, engines, preferences, choices, viewer, models, loadModels, kept, poller, light }),
  (error) => {
    ownDevice = undefined;
    throw Object.assign(error, { kind: 'missing-part' });
  },
));

async function openLive() {
  const live = await import('./live.js');
  const device = here && { engine: here, standIn: loadDevice };
  await live.openLive({ engines, device, kept, light, poller, tasks, choices, model: modelNamed, onPhotograph: (one) => intake.addFiles([one]) });
}

const photographs = createPhotographs({ byId: engines.byId, onFetch: page.tellFetching });
const viewer = createViewer({ page, tasks, choices, photographs });
const tools = createToolsDoor({
  overlay: page.overlay,
  onHide: () => viewer.choose({}),
  onStep: (by) => void editing.step(() => controller.step(by)),
  announce: page.announce,
});
const editing = createEditSwitch({ viewer, page, labelsOf });

async function loadSaving() {
  const { createSaving } = await import('./app/saving.js');
  const photographOf = photographs.again;
  return createSaving({ viewer, jobs: controller.jobs, engines, page, labelsOf, photographOf, download, copy, share });
}

const offline = () => import('./offline/offline.js');
const keepPage = (/** @type {string | undefined} */ place) => void offline().then(({ keep }) => keep(place)).catch(() => {});

const poller = createPoller({
  ask: () => server?.status?.() ?? Promise.reject(new Error('There is no server.')),
  isWatched: () => isTabVisible() || controller.isWaiting(),
  onStatus: (status) => light.is(status),
});

const { ask, leave } = createAsk({
  engine() {
    if (!here || !(kept.is || light.isAway())) return engines.current();
    return { ...here, run: async (...asked) => (await loadDevice()).run(...asked) };
  },
  tasks,
  model: modelNamed,
  displayWidth: page.displayWidth,
  ...(here && { instead: (error, ...asked) => loadDevice().then((it) => it.instead(error, ...asked), () => Promise.reject(error)) }),
});

const controller = createController({
  prepare: createPreparer(),
  ask,
  page,
  viewer: {
    ...viewer,
    open: (job) => (editing.stop(), viewer.open(job), tools.open(), keepPage(job.answer?.place)),
    close: () => (editing.stop(), viewer.close(), tools.close()),
  },
  async watchQueue(signal) {
    const { followQueue } = await import('./engines/remote/place.js');
    const onPlace = (/** @type {number} */ place, /** @type {number | null} */ waitS) => {
      page.showPlace(place, waitS);
      if (here && place && waitS) void loadDevice().then(async (it) => signal.aborted || (await it.isQuicker(waitS)) && leave(waitS)).catch(() => {});
    };
    return followQueue({ ask: poller.check, onPlace, secondsEach: viewer.secondsEach, signal });
  },
  checkStatus: () => void poller.check(),
  isOnline: () => navigator.onLine,
});

const intake = createIntake({ ...controller, nameExample: viewer.nameExample, page, examples: site.examples });
const light = createLight({
  page,
  choices,
  viewer,
  controller,
  loadModels,
  loadVideos,
  labelsOf: (model) => labelsOf({ engine: server?.id ?? '', model }),
  onOut: () => here && void loadDevice().then((it) => it.tellOut()).catch(() => {}), // it is tried again with a photograph
});

createDoors({
  preferences,
  async snippets() {
    const { createSnippets } = await import('./app/snippets.js');
    return createSnippets({ viewer, engine: () => (kept.is && server) || engines.current(), model: modelNamed })();
  },
  copy,
  forget: async () => (await offline()).forget,
  onMissing: page.tellMissing,
});
createLanguageSwitch(async (language) => {
  if (!(await speak(language))) return page.tellMissing();
  await learnLabels();
  remember('language', language);
  page.refreshTexts();
  void listed?.then((it) => it.refresh());
  controller.refresh();
  light.refresh();
  return undefined;
});
askBeforeLeaving(() => controller.jobs().some(viewer.isUnsaved));

if (here) {
  const keep = /** @type {HTMLInputElement} */ (document.getElementById('keep'));
  kept.is = keep.checked = recall('keep-here') === 'yes';
  const onKeep = () => {
    kept.is = keep.checked;
    loadDevice().then((it) => it.keep()).catch(page.tellMissing);
  };
  keep.addEventListener('change', onKeep);
  if (kept.is) onKeep();
}
void poller.start();
loadWhenIdle();
onTabFocus(() => void poller.check());
window.addEventListener('appinstalled', () => keepPage(undefined));
onAddress(() => {
  const before = choices.page();
  viewer.reload();
  void listed?.then((it) => it.refresh());
  const { example, model, task } = choices.page();
  if (example !== before.example) intake.startExampleNamed(example);
  else if (model !== before.model || task !== before.task) void controller.askAgain();
});
intake.startExampleNamed(choices.page().example);
