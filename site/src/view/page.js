/** The page as the controller sees it: a few things to show, a few things a visitor can do. */

import { steps, summarySentence, summaryTitle } from '../texts.js';
import { createDetections } from './detections.js';
import { byId } from './dom.js';
import { createError } from './error.js';
import { createExamples } from './examples.js';
import { fillFixedTexts } from './fixed-texts.js';
import { createFrame } from './frame.js';
import { createIntake } from './intake.js';
import { createStatusLight } from './status-light.js';

/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').PreparedImage} PreparedImage */
/** @typedef {import('../types.js').ServerStatus} ServerStatus */
/** @typedef {import('../controller.js').Failure} Failure */
/** @typedef {import('./examples.js').Example} Example */

/**
 * @param {{
 *   examples: readonly Example[],
 *   onFile: (file: File) => void,
 *   onExample: (example: Example) => void,
 *   onCancel: () => void,
 *   onReset: () => void,
 *   onRetry: () => void,
 * }} parts
 */
export function createPage({ examples: photographs, onFile, onExample, onCancel, onReset, onRetry }) {
  fillFixedTexts(document);
  const frame = createFrame();
  const error = createError();
  const detections = createDetections();
  createExamples(photographs, onExample);
  const statusLight = createStatusLight();
  const intake = createIntake(onFile);
  const cancel = byId('cancel', HTMLButtonElement);
  const reset = byId('reset', HTMLButtonElement);
  const retry = byId('retry', HTMLButtonElement);
  const title = byId('summary-title', HTMLElement);
  const announcer = byId('announcer', HTMLElement);
  let isWorking = false;
  let isUploaded = false;

  cancel.addEventListener('click', onCancel);
  reset.addEventListener('click', onReset);
  retry.addEventListener('click', onRetry);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && isWorking) onCancel();
  });

  /** @param {string} text */
  function announce(text) {
    announcer.textContent = text;
  }

  function showWorking() {
    isWorking = true;
    isUploaded = false;
    error.clear();
    detections.clear();
  }

  /**
   * Change what is shown, and give the focus a new place when its own has gone, and only then: somebody may be elsewhere
   * on the page. What had it must be known before the change, for a browser takes it from an element as it is hidden.
   *
   * @param {() => void} change
   * @param {() => {focus: (options?: FocusOptions) => void}} next
   */
  function keepingFocus(change, next) {
    const holder = document.activeElement;
    change();
    if (holder?.closest('[hidden]')) next().focus({ preventScroll: true });
  }

  const page = {
    showEmpty() {
      isWorking = false;
      keepingFocus(() => {
        frame.showEmpty();
        error.clear();
        detections.clear();
      }, () => intake);
      announce('');
    },

    showOpening() {
      keepingFocus(() => {
        showWorking();
        frame.showOpening();
      }, () => cancel);
      announce(steps.opening);
    },

    /** @param {PreparedImage} image */
    showPicture(image) {
      keepingFocus(() => {
        showWorking();
        frame.showPicture(image);
      }, () => cancel);
      announce(steps.uploadingSpoken);
    },

    /** @param {number} fraction */
    showUploaded(fraction) {
      if (isUploaded) return; // the browser may report the end more than once
      isUploaded = fraction >= 1;
      frame.showUploaded(fraction);
      if (isUploaded) announce(steps.finding);
    },

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

    /** @param {Answer} answer */
    showResult(answer) {
      isWorking = false;
      keepingFocus(() => {
        frame.showResult(answer);
        detections.show(answer.detections);
      }, () => title);
      announce(`${summaryTitle(answer.detections)}. ${summarySentence(answer.detections)}`);
    },

    /** @param {Failure} failure */
    showFailure(failure) {
      isWorking = false;
      keepingFocus(() => {
        frame.showError();
        error.show(failure);
      }, () => (error.offersRetry() ? retry : frame.hasPicture() ? reset : intake));
      announce('');
    },

    /** @param {ServerStatus} status */
    showStatus(status) {
      statusLight.show(status);
    },
  };
  frame.showEmpty();
  return page;
}
