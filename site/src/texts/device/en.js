/** What is said of computing on the visitor's own device, in English. */

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)}\u00a0MB`;

export const words = {
  /** @param {string} model @param {number} done @param {number} all in bytes */
  loading: (model, done, all) => `Loading ${model} onto this device… ${(done / 1e6).toFixed(1)} of ${megabytes(all)}, once`,
  /** @param {string} model */
  starting: (model) => `Starting ${model} on this device…`,
  /** @param {string} model @param {number} bytes that are still to be loaded, 0 for none */
  offline: (model, bytes) =>
    `The server can’t be reached. Your device finds objects itself, with ${model}${bytes > 0 ? ` (loads ${megabytes(bytes)} once)` : ''}; no photo leaves it.`,

  ask: 'Load the model onto this device?',
  /** @param {string} model @param {number} bytes */
  askWhy: (model, bytes) =>
    `Your device can look at the photo itself. For that it loads ${model}, ${megabytes(bytes)}, once. Your connection may be metered.`,
  /** @param {number} bytes */
  load: (bytes) => `Load ${megabytes(bytes)}`,

  errors: {
    'device-loading': {
      title: 'The model could not be loaded',
      advice: 'Check your connection. Your photo is still here, and stays on this device.',
      retry: true,
    },
    'device-refused': {
      title: 'The model is not loaded',
      advice: 'Let it be loaded, or let the server look at your photos: switch off “Keep my photos on this device”.',
      retry: true,
    },
    'device-failed': {
      title: 'This device could not do it',
      advice: 'It may have too little memory. Close other tabs and try again, or let the server look at your photos.',
      retry: true,
    },
    'device-unreadable': {
      title: 'This browser can’t read the photo',
      advice: 'Save it as a JPEG, or let the server look at it: switch off “Keep my photos on this device”.',
      retry: false,
    },
    'kept': {
      title: 'Your photos stay on this device',
      advice: 'To let the server look at this one, switch off “Keep my photos on this device”.',
      retry: true,
    },
  },
};
