/** The page as the controller and the viewer see it: a few things to show, a few things a visitor can do. */

import { byId } from '../dom/elements.js';
import { createCameraButton } from '../sources/camera-button.js';
import { createExamples } from '../sources/examples.js';
import { createFileSource } from '../sources/files.js';
import { texts } from '../texts/texts.js';
import { createError } from './error.js';
import { fillFixedTexts } from './fixed-texts.js';
import { keepingFocus } from './focus.js';
import { createFrame } from './frame.js';
import { createResult } from './result.js';
import { createSaveDoor } from './save-door.js';
import { createStatusLight } from './status-light.js';
import { createToast } from './toast.js';

/** @typedef {import('../engines/contract.js').Answer} Answer */
/** @typedef {import('../engines/remote/types.js').ServerStatus} ServerStatus */
/** @typedef {import('../media/types.js').PreparedImage} PreparedImage */
/** @typedef {import('../app/failure.js').Failure} Failure */
/** @typedef {import('../app/job.js').Job} Job */
/** @typedef {import('../app/pause.js').Pause} Pause */
/** @typedef {import('../app/viewer.js').View} View */
/** @typedef {import('../engines/contract.js').Stage} Stage */
/** @typedef {import('../sources/examples.js').Example} Example */

/**
 * @typedef {{
 *   onFiles: (files: readonly File[]) => void,
 *   onAdd: (files: readonly File[]) => void,
 *   onExample: (example: Example) => void,
 *   onCancel: (job?: Job) => void,
 *   onReset: () => void,
 *   onRetry: (...jobs: Job[]) => void,
 *   onRetrySelected: () => void,
 *   onRemove: (job: Job) => void,
 *   onSelect: (job: Job) => void,
 *   onEdit: () => void,
 *   onDiscard: () => void,
 *   onEngine: (id: string) => void,
 *   onLive: () => void,
 * } & Parameters<typeof createResult>[0]} Doings what a visitor can do
 *
 * @param {{
 *   site: import('./fixed-texts.js').OwnersWords & {examples: readonly Example[]},
 *   engines: Parameters<typeof import('./engine-picker.js').createEnginePicker>[0],
 *   saving: Parameters<typeof createSaveDoor>[0]['saving'],
 *   summaryOf: import('./strip.js').Parts['summaryOf'],
 * } & Doings} parts
 */
export function createPage({ site, engines, saving, summaryOf, ...on }) {
  fillFixedTexts(document, site);
  const frame = createFrame();
  const error = createError();
  const result = createResult(on);
  const examples = createExamples(site.examples, on.onExample);
  const statusLight = createStatusLight();
  const loadEnginePicker = async () => (await import('./engine-picker.js')).createEnginePicker(engines, on.onEngine);
  const enginePicker = engines.length > 1 ? loadEnginePicker() : undefined;
  const picker = createFileSource(on);
  createCameraButton({ ...on, onPhotograph: (photograph) => on.onFiles([photograph]), onMissing: () => page.tellMissing() });
  /** @type {Promise<ReturnType<typeof import('./batch.js').createBatch>> | undefined} once there are several photographs */
  let batch;
  const toast = createToast();
  const saveMenu = createSaveDoor({ saving, onMissing: () => page.tellMissing() });
  const cancel = byId('cancel', HTMLButtonElement);
  const reset = byId('reset', HTMLButtonElement);
  const retry = byId('retry', HTMLButtonElement);
  const title = byId('summary-title', HTMLElement);
  const announcer = byId('announcer', HTMLElement);
  const edit = byId('edit', HTMLButtonElement);
  const save = byId('save', HTMLButtonElement);
  let isWorking = false;
  let isUploaded = false;
  let isNew = false; // a result that is not read out yet

  cancel.addEventListener('click', () => on.onCancel());
  reset.addEventListener('click', on.onReset);
  retry.addEventListener('click', on.onRetrySelected);
  edit.addEventListener('click', on.onEdit);
  byId('discard', HTMLButtonElement).addEventListener('click', on.onDiscard);
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    const isEditing = result.overlay.editing() && !(event.target instanceof HTMLInputElement);
    if (isWorking) on.onCancel();
    else if (isEditing) on.onEdit();
    else result.unpin();
  });

  /** @param {string} text */
  function announce(text) {
    announcer.textContent = announcer.textContent === text ? `${text}\u00a0` : text; // the same again is read out again
  }

  /** @param {string} text to be seen and heard @param {Parameters<typeof toast.show>[1]} [what] what can be done about it */
  function say(text, what) {
    announce(text);
    return toast.show(text, what);
  }

  /** @param {boolean} working */
  function leaveResult(working) {
    isWorking = working;
    isUploaded = false;
    [edit.hidden, save.hidden] = [true, true];
    saveMenu.close();
    error.clear();
    result.clear();
  }

  /** @param {string} step */
  function showOpening(step) {
    keepingFocus(() => {
      leaveResult(true);
      frame.showOpening(step);
    }, () => cancel);
    announce(step);
  }

  const page = {
    announce,

    /** @param {string} text to be seen and heard */
    tell: (text) => void say(text),

    /** A part of the page that is loaded when it is asked for did not come. */
    tellMissing: () => void say(texts.errors['missing-part'].title, { name: texts.reload, onAct: () => window.location.reload() }),

    /** @param {unknown} error @param {string} text what to say of it, if it is no missing part and not told yet */
    tellFailure(error, text) {
      const { kind } = /** @type {{kind?: string}} */ (error);
      if (kind === 'missing-part') page.tellMissing();
      else if (kind !== 'told') page.tell(text);
    },

    /** The photograph without marks is fetched. @param {() => void} onAct gives it up */
    tellFetching(onAct) {
      const done = say(texts.plain.fetching, { name: texts.fixed.cancel, onAct, isLasting: true });
      return (/** @type {boolean} */ isThere) => (isThere ? done() : page.tell(texts.plain.failed));
    },

    /** @param {string} text @param {() => void} onAct */
    offerUndo(text, onAct) {
      toast.show(text, { name: texts.undo, onAct, isUndo: true });
      announce(texts.undoOffered(text));
    },

    overlay: result.overlay,
    light: result.light,

    showEmpty() {
      keepingFocus(() => {
        leaveResult(false);
        frame.showEmpty();
      }, () => picker);
      announce('');
    },

    showWaiting: () => showOpening(texts.steps.waiting),
    showOpening: () => showOpening(texts.steps.opening),

    /** @param {PreparedImage} image */
    showPicture(image) {
      keepingFocus(() => {
        leaveResult(true);
        frame.showPicture(image);
      }, () => cancel);
    },

    /** @param {Stage} stage @param {number} bytes */
    showStage(stage, bytes) {
      if ('show' in stage && stage.show) {
        isUploaded = false;
        return stage.show();
      }
      if (stage.name === 'proving') {
        isUploaded = false;
        announce(stage.words);
        return frame.showProving(stage.words);
      }
      if (stage.name === 'receiving') return frame.showReceiving();
      if (stage.name === 'sending' && stage.fraction === 0) announce(texts.steps.uploadingSpoken);
      if (isUploaded) return undefined; // the browser may report the end more than once
      const fraction = 'fraction' in stage ? stage.fraction : 1;
      isUploaded = fraction >= 1;
      frame.showUploaded(fraction, bytes);
      if (isUploaded) announce(texts.steps.finding);
      return undefined;
    },

    /** @type {typeof frame.showPlace} */
    showPlace: (...place) => isUploaded && frame.showPlace(...place),

    /** @param {Answer} answer */
    async loadResult({ image }) {
      if (image === null) return;
      const picture = new Image();
      picture.src = image;
      try {
        await picture.decode();
      } catch (cause) {
        throw Object.assign(new Error('The picture in the answer is none.', { cause }), { kind: 'bad-answer' });
      }
    },

    /** @param {Job} job @param {boolean} isCovered */
    showResult(job, isCovered) {
      keepingFocus(() => {
        isWorking = false;
        error.clear();
        frame.showResult(job, isCovered);
        result.open(job);
        save.hidden = false;
        byId('findings', HTMLElement).hidden = false; // what is hidden cannot take the focus
      }, () => title);
      isNew = true;
    },

    /** @param {View} view */
    showView(view) {
      keepingFocus(() => {
        result.show(view);
        edit.hidden = !view.task.edit;
      }, () => title);
      frame.describe(view.words.alt);
      if (isNew) announce(view.words.spoken);
      isNew = false;
    },

    /** @param {boolean} isEditing */
    showEditing(isEditing) {
      edit.textContent = isEditing ? texts.editing.done : texts.fixed.edit;
      edit.classList.toggle('button-primary', isEditing);
    },

    /** @param {string} spoken */
    announceView: (spoken) => announce(spoken),
    displayWidth: frame.displayWidth,
    showPhotograph: frame.showPhotograph,
    showServerPicture: frame.showServerPicture,

    /** @param {Failure} failure @param {boolean} isHeld whether it is tried again by itself */
    showFailure(failure, isHeld) {
      keepingFocus(() => {
        isWorking = false;
        frame.showError();
        error.show(failure, isHeld);
      }, () => (error.offersRetry() ? retry : frame.hasPicture() ? reset : picker));
      announce('');
    },

    /** @param {readonly Job[]} jobs @param {Job | null} selected @param {Pause | null} pause */
    showJobs(jobs, selected, pause) {
      if (jobs.length < 2 && !pause && !batch) return;
      batch ??= import('./batch.js').then(({ createBatch }) => createBatch({ ...on, summaryOf, announce }));
      batch.then((it) => keepingFocus(() => it.show(jobs, selected, pause), () => it.selected() ?? reset)).catch(() => {
        batch = undefined;
        page.tellMissing();
      });
    },

    /** @param {readonly string[]} labels what a model can find */
    async showKinds(labels) {
      const part = await import('./kinds.js').catch(() => null); // then it is not told
      part?.showKinds(labels);
    },

    /** @param {ServerStatus} status */
    showStatus: (status) => statusLight.show(status),

    /** Say all that stands in the page in the language that is spoken now. */
    refreshTexts() {
      fillFixedTexts(document, site);
      statusLight.refresh();
      examples.refresh();
      void enginePicker?.then((it) => it.refresh());
    },
  };
  frame.showEmpty();
  byId('not-started', HTMLElement).remove();
  return page;
}
