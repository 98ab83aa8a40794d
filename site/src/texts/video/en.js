/** What is said of videos, in English. Loaded with the first video. */

/** @param {number} many @param {string} noun */
const count = (many, noun) => `${many} ${many === 1 ? noun : `${noun}s`}`;

/** @param {number} seconds */
const about = (seconds) => {
  if (seconds >= 90) return `${Math.ceil(seconds / 60)} minutes`;
  const step = seconds > 10 ? 5 : 1; // a figure that jumps is not read
  return count(Math.max(1, Math.ceil(seconds / step) * step), 'second');
};

/** A moment of a video: 1:02.5. @param {number} seconds */
const clock = (seconds) => {
  const tenths = Math.round(seconds * 10);
  const rest = tenths % 600;
  return `${Math.floor(tenths / 600)}:${String(Math.floor(rest / 10)).padStart(2, '0')}.${rest % 10}`;
};

export const words = {
  about,
  clock,

  /** @param {number} megabytes */
  invitation: (megabytes) => `Videos, too: up to ${megabytes} MB. The server keeps what it finds for a while, and says so.`,
  opening: 'Opening the video…',
  /** @param {string} sent how much of it, in words */
  sending: (sent) => `Sending the video… ${sent}`,
  /** @param {number} place @param {number | null} waitS */
  queued: (place, waitS) =>
    [place === 1 ? 'Next in line' : `Waiting: ${place - 1} before yours`, ...(waitS === null ? [] : [`about ${about(waitS)}`])].join(', '),
  beginning: 'Looking at the first frames…',
  /** @param {number} frames @param {number | null} leftS */
  running: (frames, leftS) =>
    [`${count(frames, 'frame')} looked at`, ...(leftS === null ? [] : [`about ${about(leftS)} left`])].join(', '),
  fetching: 'Fetching what was found…',
  /** While it is worked on. @param {string} kept for how long, in words */
  storedNow: (kept) => `Your video is on the server’s disk until it is done; what is found is kept there for ${kept} after that.`,

  player: 'Video',
  play: 'Play',
  pause: 'Pause',
  before: 'Frame before (,)',
  after: 'Frame after (.)',
  timeline: 'Time',
  /** @param {number} seconds @param {number} all */
  at: (seconds, all) => `${clock(seconds)} of ${clock(all)}`,
  /** How many different things have a label. @param {string} label @param {number} many 0 if nobody counted */
  counted: (label, many) => (many > 0 ? `${label}\u00a0×\u00a0${many}` : label),
  /** @param {string} name @param {number} fromS @param {number} toS */
  span: (name, fromS, toS) => `${name} ${clock(fromS)} – ${clock(toS)}`.trim(),
  keys: 'Space plays, arrow keys move a second, comma and full stop a frame; in the timeline, Page Up and Page Down go from one object to the next.',

  /** @param {number} many different ones */
  distinct: (many) => (many === 0 ? 'No object followed' : count(many, 'different object')),
  /** @param {number} seconds @param {number} many */
  now: (seconds, many) => (many === 0 ? `None at ${clock(seconds)}.` : `At ${clock(seconds)}:`),
  /** @param {number} seconds @param {string} named */
  alt: (seconds, named) => (named ? `Your video at ${clock(seconds)}, with marks: ${named}` : `Your video at ${clock(seconds)}; nothing is marked`),

  /** @param {string} time of the day */
  stored: (time) => `What was found and the drawn video are on the server’s disk until ${time}; your own file is gone from there. Who has this page’s link can see them.`,
  forget: 'Forget now',
  copyLink: 'Copy the link',
  forgotten: 'Forgotten',
  drawnOnly: 'This is the video as the server drew it.',
  notPlayed: 'This browser cannot play your file, so this is the video as the server drew it.',
  chooseAgain: 'Choose your file again for boxes that follow your filters',
  anotherFile: 'That is another video: it is not as long.',

  save: {
    video: 'Video with boxes',
    videoHint: '.mp4 as the server drew it, without sound',
    json: 'JSON',
    jsonHint: 'all frames, as the server answers',
    csv: 'a row for each box in each frame',
    rows: 'a row for each label in each frame',
    cocoVideo: 'COCO video',
    cocoVideoHint: '.json with frames and tracks',
    frames: 'Frames',
    framesHint: 'the analysed frames as one .zip of pictures',
  },

  /** What went wrong and what to do next, by the kind of failure. */
  errors: {
    'video-gone': {
      title: 'This video has been forgotten',
      advice: 'Videos are kept for a while only. Choose the file again to have it looked at once more.',
      retry: false,
    },
    'video-failed': { title: 'The video could not be worked on', advice: 'Choose another one, or save it anew as MP4.', retry: false },
    'video-refused': { title: 'The server does not take this video', advice: 'Choose another one.', retry: false },
    'video-cancelled': { title: 'Cancelled', advice: 'The video was given up, and is gone from the server.', retry: false },
    'video-too-large': { title: 'This video is too large', advice: 'Cut it, or save it smaller.', retry: false },
    'video-no-video': { title: 'This is no video', advice: 'The link leads to a photo that was sent by a program.', retry: false },
  },
  /** @param {number} megabytes */
  most: (megabytes) => `The server takes up to ${megabytes} MB.`,
};
