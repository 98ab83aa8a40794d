/** What the camera shows, and the marks over it. */

import { element } from '../../dom/elements.js';
import { paintMarks } from '../../marks/canvas.js';
import { mirrored } from '../../marks/mirror.js';

/** @typedef {import('../../marks/types.js').MarkGroup} MarkGroup */
/** @typedef {import('../../media/types.js').Size} Size */
/** @typedef {Readonly<{groups: readonly MarkGroup[], size: Size}>} Painted */

const LONGEST_PX = 1920; // of the canvas: more would not be seen

export function createStage() {
  const root = element('div', 'live-stage');
  const video = document.createElement('video');
  Object.assign(video, { className: 'live-video', muted: true, playsInline: true });
  const canvas = document.createElement('canvas');
  canvas.className = 'live-marks';
  canvas.role = 'img';
  canvas.hidden = true;
  root.append(video, canvas);
  const screen = canvas.getContext('bitmaprenderer');
  /** Painted on out of sight, so that nobody sees half of it. @type {OffscreenCanvas | undefined} */
  let back;
  /** @type {Painted | null} */
  let painted = null;
  let isMirrored = false;
  let isFrozen = false; // by the visitor; a video without a camera is paused, too
  let shown = 0; // frames that the camera has shown
  let grabbed = 0; // the last one that was looked at
  let onShown = () => {};

  /** Count the frames, as long as there is a camera. @param {MediaStream} stream */
  function count(stream) {
    if (video.srcObject !== stream) return;
    const next = () => {
      shown += 1;
      onShown();
      count(stream);
    };
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(next);
    else requestAnimationFrame(/** @type {HTMLVideoElement} */ (video).paused ? () => count(stream) : next);
  }

  /** How large the marks are painted. */
  function canvasSize() {
    const { videoWidth, videoHeight } = video;
    const { width, height } = root.getBoundingClientRect();
    const css = Math.min(width / videoWidth, height / videoHeight) || 0;
    const scale = Math.min(css * devicePixelRatio, LONGEST_PX / Math.max(videoWidth, videoHeight, 1));
    const size = { width: Math.max(1, Math.round(videoWidth * scale)), height: Math.max(1, Math.round(videoHeight * scale)) };
    return { ...size, unit: css > 0 ? scale / css : 0 };
  }

  async function paint() {
    if (!painted) return;
    const { groups, size } = painted;
    const { width, height, unit } = canvasSize();
    if (back?.width !== width || back.height !== height) back = new OffscreenCanvas(width, height);
    const context = back.getContext('2d');
    if (!context) throw new Error('This browser gives no canvas.');
    context.clearRect(0, 0, width, height);
    await paintMarks(context, isMirrored ? mirrored(groups, size.width) : groups, size, unit);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    screen?.transferFromImageBitmap(back.transferToImageBitmap());
  }

  function clear() {
    painted = null;
    canvas.hidden = true;
    screen?.transferFromImageBitmap(null);
  }

  return {
    root,
    clear,

    /** @param {MediaStream} stream */
    async show(stream) {
      isFrozen = false;
      video.srcObject = stream;
      await video.play();
      root.style.setProperty('--ratio', `${video.videoWidth} / ${video.videoHeight}`);
      count(stream);
    },

    close() {
      video.srcObject = null;
      grabbed = shown;
      clear();
    },

    /** @param {boolean} isOn */
    mirror(isOn) {
      isMirrored = isOn;
      video.classList.toggle('is-mirrored', isOn);
      return paint();
    },

    isFrozen: () => isFrozen,

    freeze() {
      isFrozen = true;
      video.pause();
    },

    thaw() {
      isFrozen = false;
      return video.play();
    },

    /**
     * Wait for a frame that was not grabbed yet. A frozen picture is one such at most.
     *
     * @param {AbortSignal} signal ends it, too
     * @returns {Promise<void>}
     */
    next: (signal) =>
      new Promise((resolve) => {
        const end = () => {
          if (shown === grabbed && !signal.aborted) return;
          signal.removeEventListener('abort', end);
          onShown = () => {};
          resolve();
        };
        onShown = end;
        signal.addEventListener('abort', end);
        end();
      }),

    /**
     * What is seen now, not in a mirror.
     *
     * @param {number} longest its longer side is at most so many pixels
     * @returns {Promise<ImageBitmap | null>} whoever gets it closes it; null if the camera went off meanwhile
     */
    async grab(longest) {
      grabbed = shown;
      const { videoWidth, videoHeight } = video;
      if (videoWidth === 0) return null;
      const scale = Math.min(1, longest / Math.max(videoWidth, videoHeight));
      const [resizeWidth, resizeHeight] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
      return createImageBitmap(video, { resizeWidth, resizeHeight, resizeQuality: 'medium' }).catch(() => null);
    },

    /** @param {readonly MarkGroup[]} groups @param {Size} size of what they are measured in @param {string} alt */
    async paint(groups, size, alt) {
      painted = { groups, size };
      await paint();
      if (canvas.ariaLabel !== alt) canvas.ariaLabel = alt;
      canvas.hidden = false;
    },
  };
}
