/** The wiring: the one module that knows every part, and does nothing else. */

import { site } from 'virtual:site';
import { createAsk } from './app/ask.js';
import { createChoices } from './app/choices.js';
import { createController } from './app/controller.js';
import { createEditSwitch } from './app/editing.js';
import { createIntake } from './app/intake.js';
import { createLabels } from './app/labels.js';
import { createSaving } from './app/saving.js';
import { createViewer } from './app/viewer.js';
import { createEngineChoice } from './engines/choose.js';
import { engines as known } from './engines/registry.js';
import { createPoller } from './engines/remote/poller.js';
import { createPreparer, loadWhenIdle } from './media/preparer.js';
import { tasks } from './tasks/registry.js';
import { chooseLanguage, speak, texts } from './texts/texts.js';
import * as address from './view/address.js';
import { copy, download, share } from './view/download.js';
import { createDoors } from './view/doors.js';
import { createLanguageSwitch } from './view/language.js';
import { createPage } from './view/page.js';
import * as preferences from './view/preferences.js';
import { createToolsDoor } from './view/tools-door.js';
import { askBeforeLeaving, isTabVisible, onTabFocus } from './view/tab.js';
import { trustOwnScripts } from './view/trusted-scripts.js';

/** @typedef {import('./app/job.js').Job} Job */

trustOwnScripts();
await speak(chooseLanguage(preferences.recall('language'), navigator.languages));

// The API's address is built in where another host serves the page; else it is where the page came from.
const apiUrl = new URL(import.meta.env.VITE_API_URL || './', window.location.href).href;
const engines = createEngineChoice(known.map((create) => create({ apiUrl })), site.engines);
const server = engines.all.find(({ status }) => status);
const choices = createChoices({ start: site.start, address, preferences });
const { labelsOf } = createLabels(engines);

const page = createPage({
  site,
  engines: engines.all,
  formats: () => saving.formats(),
  summaryOf: (job) => viewer.summaryOf(job),
  onFiles: (files) => intake.startFiles(files),
  onExample: (example) => intake.startExample(example),
  onCancel: (job) => void controller.cancel(job),
  onAdd: (files) => intake.addFiles(files),
  onReset: () => remove(...controller.jobs()),
  onRemove: (job) => remove(job),
  onRetry: (...jobs) => void controller.retry(...jobs),
  onRetrySelected: () => void controller.retrySelected(),
  onSelect: (job) => controller.select(job),
  onEdit: () => void editing.toggle(),
  onDiscard: async () => {
    const undo = await viewer.discard();
    if (undo) page.offerUndo(texts.discarded, undo);
  },
  onEngine: (id) => (engines.choose(id), loadModels()),
  onSave: (format) => saving.save(format),
  further: async () => (await models()).further(),
  onTouch: () => viewer.touch(),
  onChoice: (change) => viewer.choose(change),
  onSettled: () => viewer.settle(),
  onServer: (isOn) => viewer.showAsServerDrew(isOn),
  onResetView: () => viewer.backToStart(),
});

/** The picture without marks: the visitor's own, or the server's where this browser cannot read it. @param {Job} job */
async function photographOf({ prepared, player }) {
  if (player) return player.still();
  if (!prepared) throw new Error('There is no photograph.');
  return prepared.upright || !server?.plainPicture ? prepared.file : server.plainPicture(prepared);
}

/** @type {Promise<ReturnType<typeof import('./models.js').wireModels>> | undefined} once the server is there */
let listed;
const models = () => (listed ??= import('./models.js').then(
  ({ wireModels }) => wireModels({ engines, choices, viewer, controller, intake, examples: site.examples }),
  (error) => {
    listed = undefined;
    throw Object.assign(error, { kind: 'unreachable' });
  },
));
const loadModels = () => void models().then((it) => it.load()).catch(() => {}); // asked for again with the next light
const modelNamed = async () => (choices.page().model || choices.page().task ? (await models()).current() : null);

/** @param {Job[]} jobs */
function remove(...jobs) {
  page.offerUndo(texts.strip.removed(jobs.length), controller.remove(...jobs));
}

const viewer = createViewer({ page, tasks, choices, photographOf });
const tools = createToolsDoor({
  overlay: page.overlay,
  onHide: () => viewer.choose({}),
  onStep: (by) => void editing.step(() => controller.step(by)),
  announce: page.announce,
});
const editing = createEditSwitch({ viewer, page, labelsOf });
const saving = createSaving({
  viewer,
  jobs: () => controller.jobs(),
  engines,
  tell: page.tell,
  labelsOf,
  photographOf,
  download,
  copy,
  share,
});

/** @type {Promise<ReturnType<typeof import('./app/kinds.js').createKinds>> | undefined} once the server is there */
let kinds;
const loadKinds = async () => (await import('./app/kinds.js')).createKinds({
  labelsOf: (model) => labelsOf({ engine: server?.id ?? '', model }),
  show: page.showKinds,
});

/** @type {ReturnType<typeof import('./videos.js').wireVideos> | undefined} once a server takes them, or the address names one */
let videos;
/** @param {unknown} jobs what the server tells of them */
async function loadVideos(jobs) {
  const { wireVideos } = await import('./videos.js');
  videos ??= wireVideos({
    apiUrl,
    engine: server?.id ?? '',
    page,
    choices,
    viewer,
    controller,
    labelsOf,
    model: modelNamed,
    copy,
    onAddress: address.onAddress,
  });
  videos.tell(jobs);
}

const poller = createPoller({
  ask: () => server?.status?.() ?? Promise.reject(new Error('There is no server.')),
  isWatched: () => isTabVisible() || controller.isWaiting(),
  onStatus(status) {
    page.showStatus(status);
    if (status.defaults && choices.tell(status.defaults)) viewer.refresh();
    if (status.light !== 'connecting') controller.lightIs(status.light);
    if (status.light !== 'online') return;
    if (status.jobs || choices.page().job) void loadVideos(status.jobs).catch(() => {}); // asked for again with the next light
    loadModels();
    kinds ??= loadKinds();
    kinds.then((it) => it.of(status.model)).catch(() => {}); // then it is not told
  },
});

const controller = createController({
  prepare: createPreparer(),
  ask: createAsk({ engine: engines.current, tasks, model: modelNamed, displayWidth: page.displayWidth }),
  page,
  viewer: {
    ...viewer,
    open: (job) => (editing.stop(), videos?.close(), viewer.open(job), tools.open(), job.player?.open()),
    close: () => (editing.stop(), viewer.close(), tools.close(), videos?.close()),
  },
  async watchQueue(signal) {
    const { followQueue } = await import('./engines/remote/place.js');
    return followQueue({ ask: poller.check, onPlace: page.showPlace, secondsEach: viewer.secondsEach, signal });
  },
  checkStatus: () => void poller.check(),
  isOnline: () => navigator.onLine,
});

const intake = createIntake({
  ...controller,
  nameExample: viewer.nameExample,
  tell: page.tell,
  videoOf: (file) => videos?.sourceOf(file),
  examples: site.examples,
});

createDoors({
  preferences,
  async snippets() {
    const { createSnippets } = await import('./app/snippets.js');
    return createSnippets({ viewer, engine: engines.current, model: modelNamed })();
  },
  copy,
  onFailure: () => page.tell(texts.errors.unreachable.title),
});
createLanguageSwitch(async (language) => {
  if (!(await speak(language))) return;
  preferences.remember('language', language);
  page.refreshTexts();
  void listed?.then((it) => it.refresh());
  controller.refresh();
  void kinds?.then((it) => it.refresh());
});
askBeforeLeaving(() => controller.jobs().some(viewer.isUnsaved));

void poller.start();
loadWhenIdle();
onTabFocus(() => void poller.check());
address.onAddress(() => {
  const before = choices.page();
  viewer.reload();
  void listed?.then((it) => it.refresh());
  const { example, model, task } = choices.page();
  if (example !== before.example) intake.startExampleNamed(example);
  else if (model !== before.model || task !== before.task) void controller.askAgain();
});
intake.startExampleNamed(choices.page().example);
