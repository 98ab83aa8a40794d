/**
 * Every text of the page but the title, which search engines read from index.html.
 */

/** @typedef {import('./types.js').Detection} Detection */
/** @typedef {import('./types.js').Light} Light */
/** @typedef {Readonly<{title: string, advice: string, retry: boolean}>} ErrorText */

const ALT_DETECTIONS_MAX = 10;

/** Texts that stand in the page from the start, by their `data-text`. */
export const fixed = Object.freeze({
  tagline: 'See what is in a photo.',
  promptTitle: 'Drop a photo here',
  promptHint: 'or paste one from the clipboard',
  promptTitleTouch: 'Start with a photo',
  promptHintTouch: 'from your camera or your library',
  awaiting: 'What is found in your photo appears here, with how sure the model is of each object.',
  choose: 'Choose a photo',
  dropTitle: 'Let go to start',
  cancel: 'Cancel',
  retry: 'Try again',
  reset: 'New photo',
  examplesTitle: 'Try an example',
  privacy: 'Your photo is made smaller here, looked at by the server, and not kept.',
  offlineNote: 'The server can’t be reached. You can choose a photo already, and send it when the server is back.',
});

/** Names for assistive technology, by `data-label`. */
export const labels = Object.freeze({
  frame: 'Photo',
  results: 'What was found',
  detections: 'Objects found',
  progress: 'Upload',
});

export const idleCaption = 'JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP';

/** What happens to a picture, step by step. */
export const steps = Object.freeze({
  opening: 'Opening the photo…',
  /** @param {number} fraction 0..1 */
  uploading: (fraction) => `Uploading… ${Math.floor(fraction * 100)}%`,
  uploadingSpoken: 'Uploading the photo',
  finding: 'Finding objects…',
  /** @param {number} seconds */
  findingFor: (seconds) => `Finding objects… ${seconds} s`,
  cancelled: 'Cancelled',
});

/** @type {Readonly<Record<Light, (model: string) => string>>} */
export const lights = Object.freeze({
  connecting: () => 'Connecting…',
  online: (model) => (model ? `Online · ${model}` : 'Online'),
  busy: (model) => (model ? `Busy · ${model}` : 'Busy'),
  offline: () => 'Offline',
});

/** @type {Readonly<Record<string, ErrorText>>} */
const ERRORS = Object.freeze({
  'empty': { title: 'This file is empty', advice: 'Choose another one.', retry: false },
  'not-an-image': {
    title: 'This is not a photo we can read',
    advice: 'Choose a JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP image.',
    retry: false,
  },
  'too-large': { title: 'This file is too large', advice: 'Choose one under 10 MB.', retry: false },
  'refused-image': {
    title: 'This photo can’t be used',
    advice: 'It may be damaged or have too many pixels. Save it anew or choose another one.',
    retry: false,
  },
  'unreachable': {
    title: 'The server can’t be reached',
    advice: 'Check your connection, or wait a moment. Your photo is still here.',
    retry: true,
  },
  'offline': {
    title: 'You are offline',
    advice: 'Connect to the internet and try again. Your photo is still here.',
    retry: true,
  },
  'timeout': {
    title: 'No answer after 60 seconds',
    advice: 'The connection or the server is slow. Try again.',
    retry: true,
  },
  'slow-server': { title: 'The server took too long', advice: 'Wait a moment and try again.', retry: true },
  'busy': { title: 'The server is busy', advice: 'Others are ahead of you. Wait a moment and try again.', retry: true },
  'starting': { title: 'The server is starting', advice: 'Wait a moment and try again.', retry: true },
  'too-often': { title: 'Too many photos at once', advice: 'Wait a moment and try again.', retry: true },
  'forbidden': {
    title: 'The server does not accept this page',
    advice: 'Its owner has to add this address to PAGESIGHT_ALLOWED_ORIGINS.',
    retry: false,
  },
  'refused': { title: 'The server refused the request', advice: 'Choose another photo.', retry: false },
  'server': { title: 'The server failed', advice: 'Try again. If it happens again, try another photo.', retry: true },
  'bad-answer': {
    title: 'The server’s answer makes no sense',
    advice: 'This page and the server may be of different versions. Try again later.',
    retry: true,
  },
  'unexpected': { title: 'Something went wrong in this page', advice: 'Try again, or reload the page.', retry: true },
});

export const errorKinds = Object.freeze(Object.keys(ERRORS));

/**
 * Explain an error.
 *
 * @param {string} kind
 * @param {number | null} waitS how long the server asks to wait
 * @returns {ErrorText}
 */
export function errorText(kind, waitS) {
  const text = ERRORS[kind] ?? /** @type {ErrorText} */ (ERRORS.unexpected);
  if (!text.retry || waitS === null || waitS < 1) return text;
  return { ...text, advice: `Try again in ${waitS < 120 ? count(waitS, 'second') : `${Math.ceil(waitS / 60)} minutes`}.` };
}

/**
 * Number the objects.
 *
 * @param {readonly Detection[]} detections
 */
export function summaryTitle(detections) {
  return detections.length === 0 ? 'Nothing found' : `${count(detections.length, 'object')} found`;
}

/**
 * Name the objects, or say what to do when there are none.
 *
 * @param {readonly Detection[]} detections
 */
export function summarySentence(detections) {
  if (detections.length === 0) {
    return 'Nothing that this model knows stands out. Try a closer or a brighter photo.';
  }
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { label } of detections) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, many]) => (many === 1 ? label : `${label} × ${many}`)).join(', ');
}

/**
 * Describe the picture to somebody who does not see it.
 *
 * @param {readonly Detection[]} detections
 */
export function resultAlt(detections) {
  if (detections.length === 0) return 'Your photo; nothing was found in it';
  const named = detections
    .slice(0, ALT_DETECTIONS_MAX)
    .map(({ label, confidence }) => `${label} ${percent(confidence)}`)
    .join(', ');
  const rest = detections.length - ALT_DETECTIONS_MAX;
  return `Your photo with ${count(detections.length, 'object')} marked: ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** @param {string} name */
export function workingAlt(name) {
  return `Your photo ${name}`;
}

/** @param {string} name */
export function noPreview(name) {
  return `This browser can’t show ${name}. The server can.`;
}

/**
 * The line under the picture.
 *
 * @param {{name: string, width: number, height: number, seconds: number | null}} about
 */
export function resultCaption({ name, width, height, seconds }) {
  const parts = [name, `${width} × ${height}`];
  if (seconds !== null) parts.push(`found in ${seconds.toFixed(2)} s`);
  return parts.join(' · ');
}

/** @param {number} confidence 0..1 */
export function percent(confidence) {
  return `${Math.round(confidence * 100)}%`;
}

/** @param {string} requestId */
export function reference(requestId) {
  return `Reference ${requestId}`;
}

/**
 * @param {number} many
 * @param {string} noun whose plural takes an s
 */
function count(many, noun) {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}
