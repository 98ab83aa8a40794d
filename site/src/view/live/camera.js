/** The camera of the live view: its light is off while nobody looks. */

import { closeStream, isFacingUser, NoCamera, nextCamera, openStream } from '../../sources/stream.js';

/** @typedef {import('../../sources/stream.js').Wanted} Wanted */
/** @typedef {'opening' | 'open' | 'gone' | import('../../sources/stream.js').Reason} State gone: it was unplugged, or taken away */

const LONGEST_PX = 1280; // as large as a photograph is sent

/**
 * @param {{
 *   stage: ReturnType<typeof import('./stage.js').createStage>,
 *   onState: (state: State, camera: {isFacingUser: boolean, hasOther: boolean}) => void,
 * }} parts
 */
export function createCamera({ stage, onState }) {
  /** @type {MediaStream | null} */
  let stream = null;
  /** @type {Wanted} */
  let wanted = { facing: 'environment' };
  /** @type {Wanted | null} */
  let other = null;
  let opened = 0;
  let isFacing = false;

  /** @param {State} state */
  const tell = (state) => onState(state, { isFacingUser: isFacing, hasOther: other !== null });

  /** The light goes off; a picture that is frozen stays. */
  function off() {
    opened += 1; // what is still being opened is not wanted any more
    closeStream(stream);
    stream = null;
    if (!stage.isFrozen()) stage.close();
  }

  async function open() {
    off();
    const number = opened;
    const isLate = () => number !== opened;
    tell('opening');
    try {
      const got = await openStream({ ...wanted, longest: LONGEST_PX });
      if (isLate()) return closeStream(got);
      stream = got;
      got.getVideoTracks()[0]?.addEventListener('ended', () => {
        if (isLate()) return;
        off();
        tell('gone');
      });
      await stage.show(got);
      const next = await nextCamera(got);
      if (isLate()) return undefined;
      isFacing = isFacingUser(got);
      other = next;
      tell('open');
    } catch (error) {
      if (isLate()) return undefined;
      off();
      tell(error instanceof NoCamera ? error.reason : 'missing');
    }
    return undefined;
  }

  function onVisibility() {
    if (document.visibilityState !== 'hidden') return stage.isFrozen() ? undefined : void open();
    off();
    return stage.isFrozen() ? undefined : tell('opening');
  }

  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('pagehide', off);

  return {
    open,

    /** Go on after the picture was frozen. */
    resume: () => (stream ? stage.thaw() : open()),

    /** The other side's, or the next one. */
    turn() {
      wanted = other ?? wanted;
      return open();
    },

    close() {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('pagehide', off);
      off();
      stage.close();
    },
  };
}
