/** Every text of the page in English. Another language is a file of the same shape beside this one. */

/** @typedef {import('../tasks/detection/types.js').Detection} Detection */
/** @typedef {import('../tasks/detection/types.js').Rest} Rest */

/** @param {number} many @param {string} noun @param {string} [plural] */
const count = (many, noun, plural = `${noun}s`) => `${many} ${many === 1 ? noun : plural}`;

/** @param {number} seconds */
const time = (seconds) => (seconds < 120 ? count(seconds, 'second') : `${Math.ceil(seconds / 60)} minutes`);

/** @param {number} fraction 0..1 */
const percent = (fraction) => `${Math.round(fraction * 100)}%`;

/** What went wrong and what to do next, by the kind of failure. */
const errors = {
  'empty': { title: 'This file is empty', advice: 'Choose another one.', retry: false },
  'not-an-image': {
    title: 'This is not a photo that can be read',
    advice: 'Choose a JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP image.',
    retry: false,
  },
  'too-large': { title: 'This file is too large', advice: 'Choose a smaller one, or save it as a JPEG.', retry: false },
  'refused-image': {
    title: 'This photo can’t be used',
    advice: 'It may be damaged or have too many pixels. Save it anew or choose another one.',
    retry: false,
  },
  'unreachable': {
    title: 'The server can’t be reached',
    advice: 'Check your connection. Your photo is still here.',
    retry: true,
  },
  'offline': {
    title: 'You are offline',
    advice: 'Connect to the internet. Your photo is still here.',
    retry: true,
  },
  'timeout': {
    title: 'Nothing comes through any more',
    advice: 'The connection or the server has gone silent. Your photo is still here.',
    retry: true,
  },
  'slow-server': { title: 'The server took too long', advice: 'Wait a moment and try again.', retry: true },
  'busy': { title: 'The server is busy', advice: 'Others are ahead of you. Your photo is still here.', retry: true },
  'starting': { title: 'The server is starting', advice: 'It loads its model. Your photo is still here.', retry: true },
  'too-often': { title: 'Too many photos at once', advice: 'The server asks for a pause. Your photo is still here.', retry: true },
  'forbidden': {
    title: 'The server does not accept this page',
    advice: 'Its owner has to allow this page.',
    retry: false,
  },
  'unreadable': {
    title: 'This page may not read the server’s answers',
    advice: 'Its owner has to allow this page.',
    retry: false,
  },
  'refused': {
    title: 'The server refused the request',
    advice: 'This page and the server may not fit together. Choose another photo, or reload the page.',
    retry: false,
  },
  'server': { title: 'The server failed', advice: 'Try again. If it happens again, try another photo.', retry: true },
  'bad-answer': {
    title: 'The server’s answer makes no sense',
    advice: 'This page and the server may be of different versions. Try again later.',
    retry: true,
  },
  'unexpected': { title: 'Something went wrong in this page', advice: 'Try again, or reload the page.', retry: true },
  'missing-part': {
    title: 'A part of this page could not be loaded',
    advice: 'Check your connection and try again, or reload the page.',
    retry: true,
  },
  'cancelled': { title: 'Cancelled', advice: 'Try again sends it anew.', retry: true },
};

export const texts = {
  language: 'en',

  /** Texts that stand in the page from the start, by their `data-text`. */
  fixed: {
    promptTitle: 'Drop a photo here',
    promptHint: 'or paste one from the clipboard',
    promptTitleTouch: 'Start with a photo',
    promptHintTouch: 'from your camera or your library',
    awaiting: 'The objects found appear here, each with a confidence.',
    choose: 'Choose a photo',
    camera: 'Use the camera',
    live: 'Live camera',
    dropTitle: 'Let go to start',
    cancel: 'Cancel',
    retry: 'Try again',
    reset: 'Clear',
    add: 'Add photos',
    edit: 'Edit',
    save: 'Save',
    examplesTitle: 'Try an example',
    privacy: 'Your photo is shrunk on your device if possible, checked on the server and not stored.',
    keep: 'Keep my photos on this device',
    kept: 'Your photo stays on this device.',
    offlineNote: 'The server can’t be reached. Choose a photo now; it is sent when the server is back.',
    edited: 'Edited by you.',
    discard: 'Discard edits',
    more: 'Details',
    asServer: 'Show the server’s drawing',
    resetView: 'Reset',
    timings: 'Where the time went',
    engine: 'Computed',
    model: 'Model',
    theme: 'Look',
    themeSystem: 'As the system',
    themeLight: 'Light',
    themeDark: 'Dark',
    useApi: 'Use the API',
    help: 'Keys (?)',
    stored: 'Stored data',
    noscript: 'This page needs JavaScript.',
    notStarted: 'This page has not started. Reload it.',
  },

  /** Names for assistive technology, by `data-label`. */
  labels: {
    about: 'About this page',
    language: 'Language',
    frame: 'Photo',
    results: 'What was found',
    detections: 'Objects found',
    progress: 'Upload',
    marks: 'Boxes in the photo',
    adjust: 'Adjust',
    strip: 'Your photos',
    batch: 'All photos',
    saveMenu: 'Save or copy',
    resetView: 'Reset filters',
    editTools: 'Edit boxes',
    tools: 'Look at the photo',
  },

  /** Where it was computed. */
  places: {
    /** @param {string} model '' if it is not said */
    server: (model) => `By the server${model && `, with ${model}`}`,
    /** @param {string} model */
    device: (model) => `On this device, with ${model}`,
  },

  idleCaption: 'JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP',

  /** What happens to a picture, step by step. */
  steps: {
    waiting: 'Waiting for its turn…',
    opening: 'Opening the photo…',
    /** @param {number} fraction 0..1 @param {string} sent of all, in bytes */
    uploading: (fraction, sent = '') => `Uploading… ${Math.floor(fraction * 100)}%${sent ? ` (${sent})` : ''}`,
    uploadingSpoken: 'Uploading the photo',
    finding: 'Finding objects…',
    /** @param {number} seconds */
    findingFor: (seconds) => `Finding objects… ${seconds} s`,
    receiving: 'Receiving the answer…',
    proving: 'The server is busy; proving that you are no robot…',
    /** @param {number} place @param {number | null} waitS */
    queued: (place, waitS) => `Place ${place} in the queue${waitS === null ? '' : `, about ${time(waitS)}`}`,
  },

  /** @param {number} done @param {number} all in bytes */
  bytes: (done, all) => `${(done / 1e6).toFixed(1)} of ${(all / 1e6).toFixed(1)} MB`,

  lights: {
    connecting: () => 'Connecting…',
    /** @param {string} model */
    online: (model) => (model ? `Online · ${model}` : 'Online'),
    /** @param {string} model */
    busy: (model) => (model ? `Busy · ${model}` : 'Busy'),
    offline: () => 'Offline',
  },

  /** Why the light is as it is. */
  reasons: {
    free: 'ready for photos',
    /** @param {number} running @param {number} waiting */
    working: (running, waiting) => `${running} running, ${waiting} waiting`,
    starting: 'loading its model',
    noNetwork: 'this device has no network',
    noAnswer: 'no answer from the server',
    badAnswer: 'another server answers at this address',
    forbidden: 'it does not accept this page',
    unreadable: 'this page may not read its answers',
    failing: 'it fails',
  },

  /** @param {number} seconds */
  checked: (seconds) => (seconds < 2 ? 'checked just now' : `checked ${time(seconds)} ago`),

  errors,

  /** @param {number} seconds */
  tryAgainIn: (seconds) => `Try again in ${time(seconds)}.`,
  /** @param {string} origin of this page */
  allowOrigin: (origin) => `If it is yours: set PAGESIGHT_ALLOWED_ORIGINS=${origin} where it runs, and restart it.`,

  /** @param {string} name */
  workingAlt: (name) => `Your photo ${name}`,
  /** @param {string} name */
  noPreview: (name) => `This browser can’t show ${name}. The server can.`,
  /** @param {string} caption of an original that the page could not make smaller */
  sentAsIs: (caption) => `${caption} · sent as it is, with its metadata; not kept`,
  /** @param {string} requestId */
  reference: (requestId) => `Reference ${requestId}`,

  /** @param {{name: string, width: number, height: number, seconds: number | null, place: 'server' | 'device'}} about */
  resultCaption: ({ name, width, height, seconds, place }) =>
    [name, `${width} × ${height}`, ...(seconds === null ? [] : [`found${place === 'device' ? ' on this device' : ''} in ${seconds.toFixed(2)} s`])].join(' · '),

  percent,

  stages: /** @type {Record<string, string>} */ ({
    decode: 'Reading the photo',
    inference: 'Finding objects',
    render: 'Drawing',
    queue: 'Waiting for a turn',
    upload: 'Sending',
    prepare: 'Making it smaller',
    receive: 'Receiving',
  }),
  /** @param {number} ms */
  duration: (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`),
  /** @param {string} model */
  foundBy: (model) => `Model ${model}`,

  /** Names a switch. @param {string} label */
  showKind: (label) => `Show: ${label}`,

  strip: {
    /** @param {string} name @param {string} state */
    item: (name, state) => `${name}: ${state}`,
    states: /** @type {Record<string, string>} */ ({
      waiting: 'waiting',
      working: 'working',
      error: 'failed',
      held: 'waiting for the server',
    }),
    /** @param {string} name */
    cancel: (name) => `Cancel ${name}`,
    /** @param {string} name */
    retry: (name) => `Try ${name} again`,
    /** @param {string} name */
    remove: (name) => `Remove ${name}`,
    /** @param {number} many */
    removed: (many) => `Removed ${count(many, 'photo')}`,
    /** @param {number} many */
    tooMany: (many) => `The first ${many} photos were added.`,
  },

  batch: {
    now: 'Go on now',
    again: 'Try all again',
    /** @param {number | null} seconds */
    goesOn: (seconds) =>
      seconds === null ? 'Goes on by itself when the server is back.' : `Goes on by itself in ${time(seconds)}.`,
    /** @param {number} many */
    failed: (many) => `${count(many, 'photo')} failed.`,
  },

  undo: 'Undo',
  reload: 'Reload',

  /** The photo without boxes, where only the server can read it. */
  plain: {
    fetching: 'Fetching the photo without boxes…',
    failed: 'The photo without boxes could not be fetched. The picture stays as the server drew it.',
  },

  /** @param {string} done */
  undoOffered: (done) => `${done}. It can be undone.`,
  discarded: 'Discarded the edits',

  /** What a model knows. @param {readonly string[]} labels */
  kinds: (labels) => `Finds ${count(labels.length, 'kind')}: ${labels.slice(0, 3).join(', ')}${labels.length > 3 ? ', …' : ''}`,

  copied: 'Copied',
  curl: { label: 'Copy the curl command', hint: 'same request in a terminal' },

  editing: { done: 'Done' },
};
