/** The wiring: the one module that knows every part. */

import { site } from 'virtual:site';
import { createClient, loadExample } from './engines/remote/client.js';
import { createChoices } from './app/choices.js';
import { createController } from './app/controller.js';
import { filterDetections } from './tasks/detection/filter.js';
import { placeLabels } from './marks/label-placement.js';
import { DEFAULT_VIEW, readViewState, writeViewState } from './tasks/detection/choice.js';
import { createPoller } from './engines/remote/poller.js';
import { followQueue } from './engines/remote/place.js';
import { chooseLanguage, speak, texts } from './texts/texts.js';
import * as address from './view/address.js';
import { plateSize } from './marks/style.js';
import { classColour } from './marks/colour.js';
import { copy, download } from './view/download.js';
import { createLanguageSwitch } from './view/language.js';
import { createPage } from './view/page.js';
import * as preferences from './view/preferences.js';
import { isTabVisible, onTabFocus } from './view/tab.js';
import { trustOwnScripts } from './view/trusted-scripts.js';
import { createViewer } from './app/viewer.js';
import { createWorkerClient } from './media/preparer.js';
import { jobs } from './media/jobs.js';

/** @typedef {import('./app/job.js').Source} Source */

const FILES_MAX = 50;
const SHOWN_MAX = 300;

// The API's address is built in where another host serves the page; else it is where the page came from.
const apiUrl = new URL(import.meta.env.VITE_API_URL || './', window.location.href).href;

trustOwnScripts();
await speak(chooseLanguage(preferences.recall('language'), navigator.languages));

const client = createClient(apiUrl);
// Its work can be done here too, so that nothing has to be loaded when the network has gone.
const worker = createWorkerClient({ loadJobs: async () => jobs });
let classCount = 0;
/** @type {readonly import('./types.js').Class[]} */
let classes = [];
/** @type {{stop: () => void} | null} */
let editing = null;

const page = createPage({
  site,
  placeLabels,
  onFiles: (files) => startFiles(files),
  onExample: (example) => startExample(example),
  onCancel: (job) => void controller.cancel(job),
  onReset: () => controller.reset(),
  onRetry: (job) => void controller.retry(job),
  onSelect: (job) => controller.select(job),
  onEdit: () => void toggleEditing(),
  onDiscard: () => viewer.edit(null),
  onSave: save,
  onTouch: () => viewer.touch(),
  onChoice: (change) => viewer.choose(change),
  onSettled: () => viewer.settle(),
  onServer: (isOn) => viewer.showAsServerDrew(isOn),
  onResetView: () => viewer.backToStart(),
});

const poller = createPoller({
  ask: async () => {
    const status = await client.status();
    classCount = status.classes;
    return status;
  },
  isWatched: isTabVisible,
  onStatus: (status) => page.showStatus(status),
});

const viewer = createViewer({
  page,
  suppress: worker.suppress,
  filter: (kept, choice) => filterDetections(kept, { ...choice, maxDetections: SHOWN_MAX }),
  choices: createChoices({
    read: readViewState,
    write: writeViewState,
    defaults: DEFAULT_VIEW,
    start: site.start,
    address,
    preferences,
  }),
  photographOf,
});

const controller = createController({
  prepare: worker.prepare,
  detect: (image, options) => client.detect(image, options),
  page,
  viewer: { ...viewer, open: (job) => (stopEditing(), viewer.open(job)), close: () => (stopEditing(), viewer.close()) },
  watchQueue: (signal) =>
    followQueue({ ask: () => poller.check(), onPlace: page.showPlace, secondsEach: () => viewer.secondsEach(), signal }),
  checkStatus: () => void poller.check(),
  isOnline: () => navigator.onLine,
});

/**
 * The picture without boxes: the visitor's own, or the server's where this browser cannot read it.
 *
 * @param {import('./app/job.js').Job} job
 */
async function photographOf({ prepared }) {
  if (!prepared) throw new Error('There is no photograph.');
  return prepared.upright ? prepared.file : client.picture(prepared);
}

async function toggleEditing() {
  if (editing) return stopEditing();
  const part = await import('./tasks/detection/edit/editing.js').catch(() => null);
  if (!part) return page.tell(texts.save.failed);
  if (editing || !viewer.current()) return undefined;
  page.showEditing(true);
  const { boxes, light, announce } = page;
  editing = part.startEditing({ viewer, boxes, light, announce, classCount, classes: learnClasses() });
  return undefined;
}

/** The classes' names are asked for when somebody corrects boxes, not by everybody. */
async function learnClasses() {
  if (classes.length === 0) classes = await client.labels().catch(() => []);
  return classes;
}

function stopEditing() {
  if (!editing) return;
  const { stop } = editing;
  editing = null;
  stop();
  page.showEditing(false);
}

/** @param {import('./view/save-menu.js').Kind} kind */
async function save(kind) {
  const current = viewer.current();
  if (!current) return;
  const result = { ...current, choice: viewer.choice(), apiUrl, classCount, classes, photographOf, colourOf: classColour, placeLabels, plateSize };
  try {
    const { curlOf, keep } = await import('./save/files.js');
    if (kind === 'curl') {
      await copy(curlOf(result));
      return page.tell(texts.save.copied);
    }
    const { name, content } = await keep(kind, result);
    download(name, content);
    page.tell(texts.save.saved(name));
  } catch {
    page.tell(texts.save.failed);
  }
}

/** @param {readonly File[]} files */
function startFiles(files) {
  viewer.nameExample('');
  const taken = files.slice(0, FILES_MAX);
  void controller.start(...taken.map((file) => Object.assign(/** @type {Source} */ (() => file), { title: file.name })));
  if (taken.length < files.length) page.tell(texts.strip.tooMany(FILES_MAX));
}

/** @param {{name: string, url: string}} example */
function startExample({ name, url }) {
  viewer.nameExample(name);
  /** @type {Source} */
  const source = (signal) => loadExample(url, name, signal);
  void controller.start(Object.assign(source, { title: name }));
}

function startExampleOfAddress() {
  const wanted = site.examples.find(({ name }) => name === viewer.choice().example);
  if (wanted) startExample(wanted);
}

createLanguageSwitch(async (language) => {
  await speak(language);
  preferences.remember('language', language);
  page.refreshTexts();
  controller.refresh();
});

void poller.start();
onTabFocus(() => void poller.check());
address.onAddress(() => {
  const before = viewer.choice().example;
  if (viewer.reload().example !== before) startExampleOfAddress();
});
startExampleOfAddress();
