/** The one frame: drop zone, preview, progress and result. */

import { idleCaption, noPreview, resultAlt, resultCaption, steps, workingAlt } from '../texts.js';
import { byId } from './dom.js';

/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').PreparedImage} PreparedImage */
/** @typedef {'empty' | 'working' | 'result' | 'error'} FrameState */

const SECONDS_SHOWN_FROM = 2;

export function createFrame() {
  const root = byId('frame', HTMLElement);
  const preview = byId('preview', HTMLImageElement);
  const placeholder = byId('no-preview', HTMLElement);
  const prompt = byId('prompt', HTMLElement);
  const sheet = byId('progress-sheet', HTMLElement);
  const progress = byId('progress', HTMLProgressElement);
  const progressText = byId('progress-text', HTMLElement);
  const caption = byId('caption', HTMLElement);
  const reset = byId('reset', HTMLElement);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
  let objectUrl = '';

  preview.addEventListener('error', () => {
    if (!objectUrl) return;
    preview.hidden = true;
    placeholder.hidden = false;
  });
  preview.addEventListener('load', () => setRatio(preview.naturalWidth, preview.naturalHeight));

  /** @param {FrameState} state */
  function setState(state) {
    root.dataset.state = state;
    // Where there is no picture to look at, an error leaves the way to another one open.
    prompt.hidden = state !== 'empty' && !(state === 'error' && !hasPicture());
    sheet.hidden = state !== 'working';
    reset.hidden = state !== 'result' && state !== 'error';
    clearInterval(clock);
  }

  function hasPicture() {
    return root.dataset.picture !== undefined;
  }

  /**
   * The space is taken before the picture is there, and kept when the result replaces it.
   *
   * @param {number} width
   * @param {number} height
   */
  function setRatio(width, height) {
    if (width > 0 && height > 0) root.style.setProperty('--ratio', `${width} / ${height}`);
  }

  function clearPicture() {
    URL.revokeObjectURL(objectUrl);
    objectUrl = '';
    preview.hidden = true;
    preview.removeAttribute('src');
    preview.alt = '';
    placeholder.hidden = true;
    delete root.dataset.picture;
  }

  return {
    hasPicture,

    showEmpty() {
      setState('empty');
      clearPicture();
      root.style.removeProperty('--ratio');
      caption.textContent = idleCaption;
    },

    showOpening() {
      clearPicture();
      setState('working');
      progress.value = 0;
      progressText.textContent = steps.opening;
      caption.textContent = '';
    },

    /** @param {PreparedImage} image */
    showPicture({ file, size }) {
      clearPicture();
      setState('working');
      if (size) setRatio(size.width, size.height);
      else root.style.removeProperty('--ratio');
      objectUrl = URL.createObjectURL(file);
      placeholder.textContent = noPreview(file.name);
      preview.alt = workingAlt(file.name);
      preview.src = objectUrl;
      preview.hidden = false;
      root.dataset.picture = 'preview';
      caption.textContent = file.name;
      this.showUploaded(0);
    },

    /** @param {number} fraction of the bytes, 0..1 */
    showUploaded(fraction) {
      if (fraction < 1) {
        progress.value = fraction;
        progressText.textContent = steps.uploading(fraction);
        return;
      }
      const began = Date.now();
      clearInterval(clock);
      progress.removeAttribute('value'); // nobody knows how far the server is
      progressText.textContent = steps.finding;
      clock = setInterval(() => {
        const seconds = Math.floor((Date.now() - began) / 1000);
        if (seconds >= SECONDS_SHOWN_FROM) progressText.textContent = steps.findingFor(seconds);
      }, 1000);
    },

    /** @param {Answer} answer */
    showResult({ name, image, width, height, detections, timings }) {
      clearPicture();
      setState('result');
      setRatio(width, height);
      preview.alt = resultAlt(detections);
      preview.src = image;
      preview.hidden = false;
      root.dataset.picture = 'result';
      const seconds = timings.inference === undefined ? null : timings.inference / 1000;
      caption.textContent = resultCaption({ name, width, height, seconds });
    },

    /** The picture stays, so that the visitor sees what a retry is about. */
    showError() {
      setState('error');
    },
  };
}
