/** A photograph straight from the camera, in a window of its own. Loaded when it is asked for. */

import '../style/camera.css';
import { element } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

const LONGEST_PX = 4096; // asks for as much as the camera gives
const QUALITY = 0.92;

/**
 * Open the camera.
 *
 * @param {(photograph: File) => void} onPhotograph
 */
export function openCamera(onPhotograph) {
  const dialog = document.createElement('dialog');
  dialog.className = 'camera';
  dialog.setAttribute('aria-label', texts.camera.title);
  const video = document.createElement('video');
  video.className = 'camera-view';
  video.muted = true;
  video.playsInline = true;
  const note = element('p', 'camera-note', texts.camera.opening);
  note.setAttribute('role', 'status');
  const close = button('button camera-side', texts.camera.close, () => dialog.close());
  const shutter = button('shutter', '', () => void shoot());
  shutter.setAttribute('aria-label', texts.camera.shoot);
  shutter.disabled = true;
  const turn = button('button camera-side', texts.camera.turn, () => {
    facing = facing === 'environment' ? 'user' : 'environment';
    void open();
  });
  turn.hidden = true;
  const row = element('div', 'camera-row');
  row.append(close, shutter, turn);
  dialog.append(video, note, row);
  document.body.append(dialog);

  /** @type {'environment' | 'user'} */
  let facing = 'environment';
  /** @type {MediaStream | null} */
  let stream = null;
  let opened = 0;

  dialog.addEventListener('close', () => {
    opened += 1; // what is still being opened is not wanted any more
    stop();
    dialog.remove();
  });

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    shutter.disabled = true;
  }

  async function open() {
    const number = ++opened;
    stop();
    note.textContent = texts.camera.opening;
    note.hidden = false;
    try {
      const ideal = LONGEST_PX;
      const wanted = { facingMode: facing, width: { ideal }, height: { ideal } };
      const got = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (number !== opened) return got.getTracks().forEach((track) => track.stop());
      stream = got;
      video.srcObject = got;
      await video.play();
      if (number !== opened) return undefined;
      // A mirror is what one expects of a camera that looks at oneself; the photograph is as others see it.
      video.classList.toggle('is-mirrored', got.getVideoTracks()[0]?.getSettings().facingMode === 'user');
      note.hidden = true;
      shutter.disabled = false;
      if (document.activeElement === dialog || document.activeElement === close) shutter.focus();
      turn.hidden = (await cameras()) < 2;
    } catch (error) {
      if (number !== opened) return undefined;
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      note.textContent = isRefused ? texts.camera.refused : texts.camera.missing;
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
    if (blob instanceof Blob) onPhotograph(new File([blob], nameNow(), { type: blob.type }));
  }

  dialog.showModal();
  void open();
}

/** @returns {Promise<number>} how many cameras there are, as far as the browser tells */
async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === 'videoinput').length;
}

function nameNow() {
  const stamp = new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `camera-${stamp}.jpg`;
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
