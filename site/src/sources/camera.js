/** A photograph straight from the camera, in a window of its own. Loaded when it is asked for. */

import '../style/camera.css';
import { element } from '../dom/elements.js';
import { speakCamera, words } from '../texts/camera/words.js';
import { closeStream, fileOf, isFacingUser, nextCamera, NoCamera, openStream } from './stream.js';

const LONGEST_PX = 4096; // asks for as much as the camera gives
const QUALITY = 0.92;

/**
 * Open the camera.
 *
 * @param {(photograph: File) => void} onPhotograph
 */
export async function openCamera(onPhotograph) {
  await speakCamera();
  const dialog = document.createElement('dialog');
  dialog.className = 'camera';
  dialog.setAttribute('aria-label', words.still);
  const video = document.createElement('video');
  video.className = 'camera-view';
  video.muted = true;
  video.playsInline = true;
  const note = element('p', 'camera-note', words.opening);
  note.setAttribute('role', 'status');
  const close = button('button camera-side', words.close, () => dialog.close());
  const shutter = button('shutter', '', () => void shoot());
  shutter.setAttribute('aria-label', words.snapshot);
  shutter.disabled = true;
  const turn = button('button camera-side', words.turn, () => {
    wanted = other ?? wanted;
    void open();
  });
  turn.hidden = true;
  const row = element('div', 'camera-row');
  row.append(close, shutter, turn);
  dialog.append(video, note, row);
  document.body.append(dialog);

  /** @type {import('./stream.js').Wanted} */
  let wanted = { facing: 'environment' };
  /** @type {import('./stream.js').Wanted | null} */
  let other = null;
  /** @type {MediaStream | null} */
  let stream = null;
  let opened = 0;

  dialog.addEventListener('close', () => {
    opened += 1; // what is still being opened is not wanted any more
    stop();
    dialog.remove();
  });

  function stop() {
    closeStream(stream);
    stream = null;
    video.srcObject = null;
    shutter.disabled = true;
  }

  async function open() {
    const number = ++opened;
    stop();
    note.textContent = words.opening;
    note.hidden = false;
    try {
      const got = await openStream({ ...wanted, longest: LONGEST_PX });
      if (number !== opened) return closeStream(got);
      stream = got;
      video.srcObject = got;
      await video.play();
      if (number !== opened) return undefined;
      // A mirror is what one expects of a camera that looks at oneself; the photograph is as others see it.
      video.classList.toggle('is-mirrored', isFacingUser(got));
      note.hidden = true;
      shutter.disabled = false;
      if (document.activeElement === dialog || document.activeElement === close) shutter.focus();
      other = await nextCamera(got);
      turn.hidden = !other;
    } catch (error) {
      if (number !== opened) return undefined;
      note.textContent = words.reasons[error instanceof NoCamera ? error.reason : 'missing'] ?? '';
    }
    return undefined;
  }

  async function shoot() {
    const { videoWidth: width, videoHeight: height } = video;
    if (!stream || width === 0) return;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    dialog.close();
    if (blob instanceof Blob) onPhotograph(fileOf(blob));
  }

  dialog.showModal();
  void open();
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
