/** The page as the controller and the viewer see it: a few things to show, a few things a visitor can do. */

import { texts } from '../texts/texts.js';
import { createCameraButton } from '../sources/camera-button.js';
import { byId } from './dom.js';
import { createError } from './error.js';
import { createExamples } from '../sources/examples.js';
import { fillFixedTexts } from './fixed-texts.js';
import { keepingFocus } from './focus.js';
import { createFrame } from './frame.js';
import { createIntake } from '../sources/files.js';
import { createResult } from './result.js';
import { createSaveMenu } from './save-menu.js';
import { createStatusLight } from './status-light.js';
import { createStrip } from './strip.js';
import { showToast } from './toast.js';

/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').PreparedImage} PreparedImage */
/** @typedef {import('../types.js').ServerStatus} ServerStatus */
/** @typedef {import('../app/failure.js').Failure} Failure */
/** @typedef {import('../app/job.js').Job} Job */
/** @typedef {import('../app/viewer.js').View} View */
/** @typedef {import('../sources/examples.js').Example} Example */

/**
 * @param {{
 *   site: import('./fixed-texts.js').OwnersWords & {examples: readonly Example[]},
 *   onFiles: (files: readonly File[]) => void,
 *   onExample: (example: Example) => void,
 *   onCancel: (job?: Job) => void,
 *   onReset: () => void,
 *   onRetry: (job?: Job) => void,
 *   onSelect: (job: Job) => void,
 *   onEdit: () => void,
 *   onDiscard: () => void,
 *   onSave: Parameters<typeof createSaveMenu>[0]['onSave'],
 * } & Parameters<typeof createResult>[0]} parts
 */
export function createPage({ site, onFiles, onExample, onCancel, onReset, onRetry, onSelect, onEdit, onDiscard, onSave, ...rest }) {
  fillFixedTexts(document, site);
  const frame = createFrame();
  const error = createError();
  const result = createResult(rest);
  const examples = createExamples(site.examples, onExample);
  const statusLight = createStatusLight();
  const intake = createIntake(onFiles);
  createCameraButton((photograph) => onFiles([photograph]));
  const strip = createStrip({ onSelect, onCancel, onRetry });
  const saveMenu = createSaveMenu({ onSave });
  const cancel = byId('cancel', HTMLButtonElement);
  const reset = byId('reset', HTMLButtonElement);
  const retry = byId('retry', HTMLButtonElement);
  const title = byId('summary-title', HTMLElement);
  const announcer = byId('announcer', HTMLElement);
  const edit = byId('edit', HTMLButtonElement);
  const keepers = [edit, byId('save', HTMLButtonElement)];
  let isWorking = false;
  let isUploaded = false;

  cancel.addEventListener('click', () => onCancel());
  reset.addEventListener('click', onReset);
  retry.addEventListener('click', () => onRetry());
  edit.addEventListener('click', onEdit);
  byId('discard', HTMLButtonElement).addEventListener('click', onDiscard);
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (isWorking) onCancel();
    else result.unpin();
  });

  /** @param {string} text */
  function announce(text) {
    announcer.textContent = text;
  }

  /** @param {boolean} working */
  function leaveResult(working) {
    isWorking = working;
    isUploaded = false;
    keepers.forEach((button) => (button.hidden = true));
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
    tell(text) {
      announce(text);
      showToast(text);
    },

    boxes: result.boxes,
    light: result.light,
    frame,

    showEmpty() {
      keepingFocus(() => {
        leaveResult(false);
        frame.showEmpty();
      }, () => intake);
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
      announce(texts.steps.uploadingSpoken);
    },

    /**
     * @param {number} fraction
     * @param {number} bytes
     */
    showUploaded(fraction, bytes) {
      if (isUploaded) return; // the browser may report the end more than once
      isUploaded = fraction >= 1;
      frame.showUploaded(fraction, bytes);
      if (isUploaded) announce(texts.steps.finding);
    },

    showPlace: frame.showPlace,

    /** @param {Answer} answer */
    async loadResult({ image }) {
      const picture = new Image();
      picture.src = image;
      try {
        await picture.decode();
      } catch (cause) {
        throw Object.assign(new Error('The picture in the answer is none.', { cause }), { kind: 'bad-answer' });
      }
    },

    /** @param {Job} job */
    showResult(job) {
      keepingFocus(() => {
        isWorking = false;
        error.clear();
        frame.showResult(job);
        result.open(job);
        keepers.forEach((button) => (button.hidden = false));
        byId('findings', HTMLElement).hidden = false; // what is hidden cannot take the focus
      }, () => title);
      announce(texts.spoken(job.edits?.detections ?? job.answer?.detections ?? []));
    },

    /** @param {View} view */
    showView(view) {
      keepingFocus(() => result.show(view), () => title);
      frame.describe(view.shown);
    },

    /** @param {boolean} isEditing */
    showEditing(isEditing) {
      edit.textContent = isEditing ? texts.editing.done : texts.fixed.edit;
      edit.classList.toggle('button-primary', isEditing);
    },

    /** @param {View['shown']} shown */
    announceView: (shown) => announce(texts.spoken(shown)),
    showPhotograph: frame.showPhotograph,
    showServerPicture: frame.showServerPicture,

    /** @param {Failure} failure */
    showFailure(failure) {
      keepingFocus(() => {
        isWorking = false;
        frame.showError();
        error.show(failure);
      }, () => (error.offersRetry() ? retry : frame.hasPicture() ? reset : intake));
      announce('');
    },

    /** @param {readonly Job[]} jobs @param {Job | null} selected */
    showJobs: (jobs, selected) => strip.show(jobs, selected),

    /** @param {ServerStatus} status */
    showStatus: (status) => statusLight.show(status),

    /** Say all that stands in the page in the language that is spoken now. */
    refreshTexts() {
      fillFixedTexts(document, site);
      statusLight.refresh();
      examples.refresh();
    },
  };
  frame.showEmpty();
  return page;
}
