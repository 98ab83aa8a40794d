/** Opens a video of the visitor's, as far as this browser plays it. */

/** @typedef {import('../../media/types.js').Size} Size */
/** @typedef {Readonly<{url: string, size: Size, durationS: number, poster: File}>} Opened poster: its first frame */

const LONGEST_MS = 8_000;
const POSTER_QUALITY = 0.85;

/**
 * @param {File} file
 * @returns {Promise<Opened | null>} null if it cannot be played here
 */
export async function openVideo(file) {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, preload: 'auto' });
  const url = URL.createObjectURL(file);
  try {
    await loaded(video, url);
    const { videoWidth: width, videoHeight: height, duration } = video;
    if (!(width > 0 && height > 0 && Number.isFinite(duration))) throw new Error('There is no picture in it.');
    const poster = new File([await stillOf(video)], file.name, { type: 'image/jpeg' });
    return Object.freeze({ url, size: { width, height }, durationS: duration, poster });
  } catch {
    URL.revokeObjectURL(url);
    return null;
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}

/**
 * What a video shows now, as a JPEG.
 *
 * @param {HTMLVideoElement} video
 * @returns {Promise<Blob>}
 */
export async function stillOf(video) {
  const { videoWidth: width, videoHeight: height } = video;
  if (!(width > 0 && height > 0)) throw new Error('There is nothing to see yet.');
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(video, 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: POSTER_QUALITY });
}

/**
 * Wait until a video can show its first frame.
 *
 * @param {HTMLVideoElement} video
 * @param {string} url
 * @returns {Promise<void>}
 */
export function loaded(video, url) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('It does not load.')), LONGEST_MS);
    video.addEventListener('loadeddata', () => (clearTimeout(timer), resolve()), { once: true });
    video.addEventListener('error', () => (clearTimeout(timer), reject(new Error('It is not played here.'))), { once: true });
    video.src = url;
  });
}

/**
 * Have a video show the frame of a moment.
 *
 * @param {HTMLVideoElement} video
 * @param {number} timeS
 * @returns {Promise<void>}
 */
export function sought(video, timeS) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('It does not go there.')), LONGEST_MS);
    video.addEventListener('seeked', () => (clearTimeout(timer), resolve()), { once: true });
    video.currentTime = behind(timeS);
  });
}

/**
 * The pictures of a video, one moment after the other.
 *
 * @param {string} url
 * @param {{isForeign: boolean}} where isForeign: it comes from a server, which has to allow that its pictures are read
 */
export async function createStills(url, { isForeign }) {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, preload: 'auto', crossOrigin: isForeign ? 'anonymous' : null });
  await loaded(video, url);
  return {
    /** @param {number} timeS */
    async at(timeS) {
      await sought(video, timeS);
      return createImageBitmap(video);
    },
    close() {
      video.removeAttribute('src');
      video.load();
    },
  };
}

/** A little behind the beginning of a frame, so that it is that frame that is shown. @param {number} timeS */
export function behind(timeS) {
  return timeS + 0.001;
}
