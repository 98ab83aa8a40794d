/** The wiring of the live camera: its window, its watch, and who answers. Loaded when it is asked for. */

import { createAskFrame } from './app/live/ask.js';
import { createFigures } from './app/live/figures.js';
import { createWatch } from './app/live/watch.js';
import { createFrameEncoder } from './media/frame-encoder.js';
import { fileOf } from './sources/stream.js';
import { speakCamera, words } from './texts/camera/words.js';
import { createLiveWindow } from './view/live/window.js';

const FRAME_PX = 640; // the longer side of what is looked at
const FRAME_QUALITY = 0.8;
const PHOTO_PX = 1280;
const PHOTO_QUALITY = 0.92;

/** @typedef {import('./engines/contract.js').Engine} Engine */

/**
 * Open the live camera.
 *
 * @param {{
 *   engines: {current: () => Engine},
 *   device: {engine: Engine, standIn: () => Promise<Pick<ReturnType<typeof import('./app/stand-in.js').createStandIn>, 'fits' | 'only'>>} | undefined,
 *   kept: {is: boolean},
 *   light: {last: () => import('./engines/remote/types.js').ServerStatus | null},
 *   poller: {check: () => Promise<unknown>},
 *   tasks: readonly import('./tasks/contract.js').AnyTask[],
 *   choices: Pick<ReturnType<typeof import('./app/choices.js').createChoices>, 'of'>,
 *   model: () => Promise<string | null>,
 *   onPhotograph: (photograph: File) => void,
 * }} parts device: the visitor's own, if it can compute. kept: whether no frame may leave it.
 *   model: the name of the one that is asked, null for the first. onPhotograph: one was taken
 */
export async function openLive({ engines, device, kept, light, poller, tasks, choices, model, onPhotograph }) {
  await speakCamera();
  const encoder = createFrameEncoder();
  const figures = createFigures();
  let abort = new AbortController();
  const view = createLiveWindow({
    onOpen: () => void begin(),
    onShut: () => abort.abort(),
    onSnapshot: takePhotograph,
    onClose: close,
  });
  const { stage, told } = view;
  const { ready, ask } = createAskFrame({
    engine: engineNow,
    tasks,
    choiceOf: choices.of,
    model,
    encode: async (frame) => fileOf(await encoder.encode(frame, FRAME_QUALITY)),
    onStage: (step) => step.name === 'loading' && view.showLoading(step.model, step.fraction),
  });

  const watch = createWatch({
    async next(signal) {
      await ready(signal);
      await stage.next(signal);
    },
    grab: () => stage.grab(FRAME_PX),
    ask,
    async paint({ task, model: name, engine, size, shown }) {
      const rows = task.rows(shown);
      const marks = task.marks(shown);
      const hasPlaces = marks.every(({ box }) => box !== null);
      const named = rows.map(({ label, figure }) => `${label} ${figure}`).join(', ');
      await stage.paint(hasPlaces ? marks : marks.map(withoutLabel), size, words.alt(named));
      view.showsAnswer();
      const seen = { words: task.words(shown), rows: hasPlaces ? [] : rows, by: { model: name, place: engine.place } };
      told.show(seen, figures.now(), performance.now());
    },
    onFrame: figures.add,
    onWait(failure, until) {
      figures.forget();
      if (!failure) return;
      void poller.check(); // which tells whether the device has to do it
      view.showWaiting(failure, until);
    },
    isOnline: () => navigator.onLine,
  });

  /** The device, if frames are kept there or the server is away, and the device does the same. */
  async function engineNow() {
    if (!device || !(kept.is || light.last()?.light === 'offline')) return engines.current();
    const standIn = await device.standIn();
    const isUsed = kept.is || (await standIn.fits({ model: await model() }));
    return isUsed ? { ...device.engine, run: standIn.only } : engines.current();
  }

  /** From the beginning, or anew after a failure. */
  async function begin() {
    abort.abort();
    abort = new AbortController();
    figures.forget();
    const failure = await watch(abort.signal);
    if (failure) view.showFailure(failure);
  }

  async function takePhotograph() {
    const frame = await stage.grab(PHOTO_PX);
    if (!frame) throw new Error('The camera is off.');
    onPhotograph(fileOf(await encoder.encode(frame, PHOTO_QUALITY)));
  }

  function close() {
    abort.abort();
    encoder.close();
  }

  await view.open();
}

/** What has no place of its own is named beside the picture. @param {import('./marks/types.js').MarkGroup} group */
function withoutLabel(group) {
  return { ...group, marks: group.marks.filter(({ kind }) => kind !== 'label') };
}
