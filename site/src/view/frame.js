/** The one frame: drop zone, preview, progress and result. */

import { byId } from '../dom/elements.js';
import { texts } from '../texts/texts.js';
import { createProgress } from './progress.js';

/** @typedef {import('../app/job.js').Job} Job */
/** @typedef {import('../media/types.js').PreparedImage} PreparedImage */
/** What the API takes (openapi.yaml). */
const [WIDTH_MIN, WIDTH_MAX] = [100, 10_000];

/** @typedef {'empty' | 'working' | 'result' | 'error'} FrameState */

export function createFrame() {
  const root = byId('frame', HTMLElement);
  const preview = byId('preview', HTMLImageElement);
  const placeholder = byId('no-preview', HTMLElement);
  const prompt = byId('prompt', HTMLElement);
  const caption = byId('caption', HTMLElement);
  const [reset, add] = [byId('reset', HTMLElement), byId('add', HTMLElement)];
  const progress = createProgress();
  let objectUrl = '';
  /** @type {Job | null} */
  let result = null;
  /** The photograph without boxes, decoded in advance, so that taking it over is not noticed. @type {{source: Blob | string, picture: HTMLImageElement} | null} */
  let photograph = null;

  preview.addEventListener('error', () => {
    if (!objectUrl || result) return;
    preview.hidden = true;
    placeholder.hidden = false;
  });
  preview.addEventListener('load', () => setRatio(preview.naturalWidth, preview.naturalHeight));

  /** @param {FrameState} state */
  function setState(state) {
    root.dataset.state = state;
    // Where there is no picture to look at, an error leaves the way to another one open.
    const isInviting = state === 'empty' || (state === 'error' && !hasPicture());
    prompt.hidden = !isInviting;
    reset.hidden = isInviting || state === 'working';
    add.hidden = isInviting;
    if (state !== 'working') progress.hide();
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
    result = null;
    photograph = null;
    preview.hidden = true;
    preview.removeAttribute('src');
    preview.alt = '';
    placeholder.hidden = true;
    delete root.dataset.picture;
  }

  return {
    hasPicture,

    /**
     * How wide a picture will be shown, in whole CSS pixels.
     *
     * @param {import('../media/types.js').Size | null} size
     */
    displayWidth(size) {
      const { clientWidth, clientHeight } = root;
      const room = root.parentElement?.clientWidth ?? clientWidth;
      const tallest = Number.parseFloat(getComputedStyle(root, '::before').maxHeight) || clientHeight;
      const width = size ? Math.min(room, (tallest * size.width) / size.height) : room;
      return Math.round(Math.min(Math.max(width, WIDTH_MIN), WIDTH_MAX));
    },

    showEmpty() {
      clearPicture();
      setState('empty');
      root.style.removeProperty('--ratio');
      caption.textContent = texts.idleCaption;
    },

    /** @param {string} step */
    showOpening(step) {
      clearPicture();
      setState('working');
      progress.show(step);
      caption.textContent = '';
    },

    /** @param {PreparedImage} image */
    showPicture({ file, size, upright }) {
      clearPicture();
      setState('working');
      if (size) setRatio(size.width, size.height);
      else root.style.removeProperty('--ratio');
      objectUrl = URL.createObjectURL(file);
      placeholder.textContent = texts.noPreview(file.name);
      preview.alt = texts.workingAlt(file.name);
      preview.src = objectUrl;
      preview.hidden = false;
      root.dataset.picture = 'preview';
      caption.textContent = upright ? file.name : texts.sentAsIs(file.name);
      progress.show(texts.steps.opening); // until it is sent, or something is loaded for it
    },

    showUploaded: progress.showUploaded,
    showReceiving: progress.showReceiving,
    showProving: progress.showProving,
    showPlace: progress.showPlace,

    /** @param {Job} job @param {boolean} isCovered whether something in its picture is not to be seen */
    showResult(job, isCovered) {
      const { answer, prepared } = job;
      if (!answer) return;
      clearPicture();
      setState('result');
      result = job;
      setRatio(answer.width, answer.height);
      if (answer.image !== null) preview.src = answer.image;
      else if (prepared) preview.src = objectUrl = URL.createObjectURL(prepared.file);
      preview.hidden = false;
      preview.style.opacity = isCovered ? '0' : '';
      root.dataset.picture = 'result';
      const seconds = answer.timings.inference === undefined ? null : answer.timings.inference / 1000;
      const about = texts.resultCaption({ ...answer, seconds });
      caption.textContent = prepared?.upright === false ? texts.sentAsIs(about) : about;
      if (prepared?.upright) void load(prepared.file).catch(() => {}); // asked for again, and told, when it is needed
    },

    /** @param {string} alt */
    describe(alt) {
      preview.alt = alt;
    },

    /**
     * @param {Blob | string} source
     * @param {() => boolean} isStale
     */
    async showPhotograph(source, isStale) {
      const picture = photograph?.source === source ? photograph.picture : await load(source);
      await picture.decode();
      if (isStale()) return;
      preview.src = picture.src;
      preview.style.opacity = '';
    },

    showServerPicture() {
      if (result?.answer?.image) preview.src = result.answer.image;
    },

    /** The picture stays, so that the visitor sees what a retry is about. */
    showError() {
      setState('error');
    },
  };

  /** @param {Blob | string} source */
  async function load(source) {
    if (typeof source !== 'string') objectUrl ||= URL.createObjectURL(source);
    const picture = new Image();
    picture.src = typeof source === 'string' ? source : objectUrl;
    photograph = { source, picture };
    await picture.decode();
    return picture;
  }
}
