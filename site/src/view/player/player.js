/**
 * Plays a video under the marks that the page paints: the visitor's own file if this browser plays it, else the one
 * that the
 * server drew, over which nothing is painted. Loaded with the first video that is done.
 */

import '../../style/player.css';
import { byId, element } from '../../dom/elements.js';
import { words } from '../../texts/video/words.js';
import { createBar } from './bar.js';
import { createKeys } from './keys.js';
import { behind, openVideo, stillOf } from './opened.js';
import { createStored } from './stored.js';
import { createTimeline } from './timeline.js';

/** @typedef {import('../../app/job.js').Player} Player */
/** @typedef {import('../../app/video/lanes.js').Lane} Lane */
/** @typedef {import('./opened.js').Opened} Opened */

const SECOND = 1;
const SAME_LENGTH_S = 0.5;

/**
 * @param {{
 *   opened: Opened | null,
 *   wasOpened: boolean,
 *   drawnUrl: string | null,
 *   durationS: number,
 *   notes: readonly string[],
 *   keptUntil: Date | null,
 *   isDrawnWanted: () => boolean,
 *   lanesOf: (seen: any) => readonly Lane[],
 *   step: (timeS: number, by: number) => number,
 *   stepToSpan: (lanes: readonly Lane[], timeS: number, by: number) => number | null,
 *   onTime: (timeS: number) => void,
 *   onOpen: () => void,
 *   onOwn: () => void,
 *   onForget: () => Promise<void>,
 *   onCopyLink: () => Promise<void>,
 *   tell: (text: string) => void,
 * }} parts opened: the visitor's file; drawnUrl: of the server's. isDrawnWanted: whether the visitor wants to see the
 *   server's drawing. lanesOf: of what is seen. step: to the next analysed frame.
 *   onTime: another moment is seen. onOpen: it is on the page. onOwn: there is the visitor's file now
 * @returns {Player & {sourceUrl: () => string | null}}
 */
export function createPlayer({ opened, wasOpened, drawnUrl, durationS, notes, lanesOf, step, stepToSpan, ...parts }) {
  const { keptUntil, isDrawnWanted, onTime, onOpen, onOwn, onForget, onCopyLink, tell } = parts;
  let own = opened;
  let isOwnSeen = own !== null;
  let timeS = 0;
  /** @type {readonly Lane[]} */
  let lanes = [];
  /** @type {unknown} */
  let lanesAreOf;
  let isOpen = false;

  const video = document.createElement('video');
  Object.assign(video, { className: 'picture player-video', playsInline: true, preload: 'auto' });
  const root = element('div', 'player');
  root.id = 'player';
  root.setAttribute('role', 'group');
  const seek = (/** @type {number} */ to) => {
    video.currentTime = Math.min(Math.max(0, to), Math.max(0, durationS));
    show(video.currentTime);
  };
  const stepFrame = (/** @type {number} */ by) => (video.pause(), seek(behind(step(timeS, by))));
  const toggle = () => void (video.paused ? video.play().catch(() => {}) : video.pause());
  const bar = createBar({ onToggle: toggle, onStep: stepFrame });
  const timeline = createTimeline({
    onSeek: seek,
    onSpan(by) {
      const found = stepToSpan(lanes, timeS, by);
      if (found !== null) seek(behind(found));
    },
  });
  const stored = createStored({ onForget, onCopyLink, onFile: (file) => void useFile(file) });
  root.append(bar.root, timeline.root, stored.root);
  const keys = createKeys({ root, toggle, stepFrame, seekBy: (by) => seek(timeS + by * SECOND) });

  for (const event of ['play', 'pause', 'ended']) video.addEventListener(event, () => bar.showPlaying(!video.paused));
  video.addEventListener('loadedmetadata', () => {
    if (timeS > 0) video.currentTime = behind(timeS);
  });

  /** Another frame is on the screen. @param {number} seconds */
  function show(seconds) {
    timeS = Math.max(0, seconds);
    bar.showTime(timeS, durationS);
    timeline.showTime(timeS, durationS);
    onTime(timeS);
  }

  /** Each frame tells when it is shown, where the browser can say so: its own time, not the one that was asked for. */
  function watch() {
    if (!isOpen) return;
    if ('requestVideoFrameCallback' in video) {
      video.requestVideoFrameCallback((_, { mediaTime }) => {
        if (isOpen) show(mediaTime);
        watch();
      });
      return;
    }
    requestAnimationFrame(() => {
      const { currentTime, paused } = /** @type {HTMLVideoElement} */ (video);
      if (!paused && isOpen) show(currentTime);
      watch();
    });
  }

  function setSource() {
    const url = isOwnSeen ? own?.url : drawnUrl;
    if (!url || video.dataset.url === url) return;
    const isPlaying = !video.paused && Boolean(video.dataset.url);
    video.dataset.url = url;
    video.crossOrigin = isOwnSeen ? null : 'anonymous';
    video.src = url;
    if (isPlaying) void video.play().catch(() => {});
  }

  /** The visitor has chosen the file again. @param {File} file */
  async function useFile(file) {
    const again = await openVideo(file);
    if (!again) return tell(words.notPlayed);
    if (Math.abs(again.durationS - durationS) > SAME_LENGTH_S) return tell(words.anotherFile);
    own = again;
    isOwnSeen = true;
    setSource();
    showStored();
    return onOwn();
  }

  function showStored() {
    const why = own ? '' : wasOpened ? words.notPlayed : words.drawnOnly;
    stored.show({ keptUntil, notes: [why, ...notes].filter(Boolean), isFileWanted: !own && !wasOpened });
  }

  return {
    sourceUrl: () => own?.url ?? drawnUrl,
    isDrawnOnly: () => own === null,

    async still() {
      if (!own) throw new Error('There is only what the server drew.');
      if (!isOwnSeen || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return own.poster;
      return stillOf(video);
    },

    close() {
      isOpen = false;
      video.pause();
      keys.setOpen(false);
      video.remove();
      root.remove();
    },

    show({ isOwn, hasDrawn, shown }) {
      const { choice, things } = shown.seen;
      const isOwnWanted = own !== null && !(hasDrawn && !isOwn && isDrawnWanted());
      if (isOwnWanted !== isOwnSeen) {
        isOwnSeen = isOwnWanted;
        if (isOpen) setSource();
      }
      if (!isOpen) open();
      const of = JSON.stringify([choice, things.length]);
      if (of === lanesAreOf) return;
      lanesAreOf = of;
      lanes = lanesOf(shown.seen);
      timeline.showLanes(lanes, durationS);
    },
  };

  function open() {
    isOpen = true;
    lanesAreOf = undefined; // another language may be spoken
    root.setAttribute('aria-label', words.player);
    byId('preview', HTMLElement).after(video);
    byId('frame', HTMLElement).after(root);
    setSource();
    bar.speak();
    timeline.speak();
    showStored();
    keys.setOpen(true);
    onOpen();
    show(timeS);
    watch();
  }
}
