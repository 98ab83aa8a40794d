/** The live camera's window: the picture, what is said of it, and what a visitor can do. */

import '../../style/camera.css';
import '../../style/live.css';
import { element } from '../../dom/elements.js';
import { words } from '../../texts/camera/words.js';
import { errorText } from '../../texts/texts.js';
import { createCamera } from './camera.js';
import { createStage } from './stage.js';
import { createTold } from './told.js';

/** @typedef {import('../../app/failure.js').Failure} Failure */

/**
 * @param {{
 *   onOpen: () => void,
 *   onShut: () => void,
 *   onSnapshot: () => Promise<void>,
 *   onClose: () => void,
 * }} on onOpen: the camera shows something, from the beginning or anew; onShut: it does so no more
 */
export function createLiveWindow(on) {
  const stage = createStage();
  const told = createTold();
  const camera = createCamera({ stage, onState: showCamera });
  const dialog = document.createElement('dialog');
  dialog.className = 'camera live';
  dialog.setAttribute('aria-label', words.live);
  const note = element('p', 'live-note');
  note.setAttribute('role', 'status');
  const retry = button('button live-retry', words.retry, () => void camera.open());
  const over = element('div', 'live-over');
  over.append(note, retry);
  stage.root.append(over);

  const pause = button('button camera-side', words.pause, () => void toggle());
  const shutter = button('shutter', '', () => void shoot());
  shutter.setAttribute('aria-label', words.snapshot);
  const turn = button('button camera-side', words.turn, () => void camera.turn());
  const close = button('button camera-side', words.close, () => dialog.close());
  const mirror = button('button camera-side', words.mirror, () => mirrorIs(mirror.ariaPressed !== 'true'));
  const [acts, ends] = [element('div', 'camera-row'), element('div', 'camera-row')];
  acts.append(pause, shutter, turn);
  const saved = element('p', 'live-saved');
  saved.setAttribute('role', 'status');
  ends.append(close, saved, mirror);
  dialog.append(stage.root, told.root, acts, ends);

  let taken = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let counting;
  dialog.addEventListener('keydown', (event) => event.stopPropagation()); // the keys of the page behind are not meant
  dialog.addEventListener('close', () => {
    clearInterval(counting);
    camera.close();
    dialog.remove();
    on.onClose();
  });

  /** Say something over the picture, '' for nothing. @param {string} text @param {boolean} [canRetry] */
  function say(text, canRetry = false) {
    clearInterval(counting);
    note.textContent = text;
    retry.hidden = !canRetry;
    over.hidden = text === '';
  }

  /** @type {Parameters<typeof createCamera>[0]['onState']} */
  function showCamera(state, { isFacingUser, hasOther }) {
    const isOpen = state === 'open';
    if (!isOpen) on.onShut();
    for (const one of [pause, shutter, mirror]) one.disabled = !isOpen;
    if (state !== 'opening') turn.hidden = !hasOther;
    stage.clear();
    told.clear();
    pause.textContent = words.pause;
    if (state === 'opening') return say(words.opening);
    if (!isOpen) return say(words.reasons[state] ?? '', true);
    mirrorIs(isFacingUser); // a mirror is what one expects of a camera that looks at oneself
    say(words.asking);
    return on.onOpen();
  }

  /** @param {boolean} isOn */
  function mirrorIs(isOn) {
    mirror.ariaPressed = String(isOn);
    void stage.mirror(isOn);
  }

  async function toggle() {
    const isFrozen = stage.isFrozen();
    pause.textContent = isFrozen ? words.pause : words.resume;
    if (isFrozen) await camera.resume();
    else stage.freeze();
  }

  async function shoot() {
    shutter.disabled = true;
    try {
      await on.onSnapshot();
      taken += 1;
      saved.textContent = words.taken(taken);
    } catch {
      saved.textContent = words.notTaken;
    } finally {
      shutter.disabled = pause.disabled;
    }
  }

  return {
    stage,
    told,

    open() {
      document.body.append(dialog);
      dialog.showModal(); // gives the focus back when it closes
      if (typeof OffscreenCanvas !== 'undefined') return camera.open();
      return say(words.reasons.unsupported ?? '');
    },

    /** There is an answer. */
    showsAnswer: () => say(''),

    /** @param {string} model @param {number} fraction 0..1 */
    showLoading: (model, fraction) => say(words.loading(model, Math.floor(100 * fraction))),

    /**
     * Nothing is asked for a while.
     *
     * @param {Failure} failure
     * @param {number | null} until in milliseconds since 1970
     */
    showWaiting(failure, until) {
      const { title } = errorText(failure.kind, null);
      const tell = () => {
        note.textContent = words.goesOn(title, Math.max(1, Math.ceil(((until ?? 0) - Date.now()) / 1000)));
      };
      stage.clear();
      told.clear();
      say(title);
      tell();
      counting = setInterval(tell, 1000);
    },

    /** It does not go on by itself. @param {Failure} failure */
    showFailure({ kind, detail }) {
      const { title, advice } = errorText(kind, null);
      stage.clear();
      told.clear();
      say([`${title}.`, detail || advice].join(' '), true);
    },
  };
}

/** @param {string} className @param {string} text @param {() => void} onClick */
function button(className, text, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = text;
  made.addEventListener('click', onClick);
  return made;
}
