/** What the camera says, for a photograph and live, in English. Loaded with it. */

/** @param {number} seconds */
const inSeconds = (seconds) => (seconds === 1 ? '1 second' : `${seconds} seconds`);

export const words = {
  still: 'Camera',
  live: 'Live camera',
  pause: 'Pause',
  resume: 'Go on',
  snapshot: 'Take the photo',
  mirror: 'Mirror',
  turn: 'Other camera',
  close: 'Close',
  retry: 'Try again',
  more: 'Where the time went',

  opening: 'Opening the camera…',
  asking: 'Looking at the first frame…',
  /** Why there is no picture, by sources/stream.js. @type {Readonly<Record<string, string>>} */
  reasons: {
    refused: 'Camera access is blocked. Allow it in the browser’s settings, or choose a photo instead.',
    missing: 'There is no camera. Plug one in, or choose a photo instead.',
    busy: 'Another program has the camera. Close it there, then try again.',
    insecure: 'A live camera needs a page that came by HTTPS. Take a photo instead.',
    unsupported: 'This browser is too old for a live camera. Take a photo instead.',
    gone: 'The camera has gone off. Try again.',
  },

  /** @param {string} what went wrong @param {number} seconds */
  goesOn: (what, seconds) => `${what}. Goes on by itself in ${inSeconds(seconds)}.`,
  /** @param {string} model @param {number} percent */
  loading: (model, percent) => `Loading ${model} onto this device… ${percent}%`,
  /** @param {number} many */
  taken: (many) => (many === 1 ? 'Added to your photos.' : `Added to your photos, ${many} by now.`),
  notTaken: 'The photo could not be taken. Try again.',

  /** @param {number} perSecond @param {number} delayMs */
  figures: (perSecond, delayMs) => `${perSecond.toFixed(1)} frames a second, ${Math.round(delayMs)} ms behind`,
  /** What becomes of the frames, by where they are looked at. @type {Readonly<Record<string, string>>} */
  privacy: {
    server: 'Frames are sent to the server and not stored.',
    device: 'No frame leaves this device.',
  },
  /** @param {string} named what is seen, '' for nothing */
  alt: (named) => (named ? `Live picture with marks: ${named}` : 'Live picture; nothing is marked in it'),

  /** What takes time, in the order in which it happens. @type {Readonly<Record<string, string>>} */
  parts: {
    wait: 'Waiting for a frame',
    grab: 'Taking the frame',
    encode: 'Making a JPEG',
    way: 'On the way',
    queue: 'Waiting for a turn',
    decode: 'Reading the frame',
    inference: 'Finding objects',
    read: 'Reading the answer',
    paint: 'Painting',
  },
};
