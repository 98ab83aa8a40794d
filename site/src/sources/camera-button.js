/** The ways to the camera, where there is one. Without HTTPS a page gets no camera, but a phone's own takes a photograph for it. */

import { byId } from '../dom/elements.js';

/**
 * @param {{onPhotograph: (photograph: File) => void, onLive: () => void, onMissing: () => void}} parts onLive: what it shows is to be
 *   looked at as it moves; onMissing: what it takes could not be loaded
 */
export function createCameraButton({ onPhotograph, onLive, onMissing }) {
  const button = byId('camera', HTMLButtonElement);
  const live = byId('live', HTMLButtonElement);
  const devices = navigator.mediaDevices; // only where the page came by HTTPS
  const phones = !devices && window.matchMedia('(pointer: coarse)').matches ? createPhones(onPhotograph) : null;

  async function show() {
    const known = (await devices?.enumerateDevices?.().catch(() => [])) ?? [];
    button.hidden = live.hidden = !phones && !known.some(({ kind }) => kind === 'videoinput');
  }

  button.addEventListener('click', async () => {
    if (phones) return phones.click();
    const camera = await import('./camera.js').catch(onMissing);
    return camera?.openCamera(onPhotograph);
  });
  live.addEventListener('click', onLive);
  devices?.addEventListener?.('devicechange', () => void show());
  void show();
}

/** A picker that opens a phone's own camera. @param {(photograph: File) => void} onPhotograph */
function createPhones(onPhotograph) {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', accept: 'image/*' });
  input.setAttribute('capture', 'environment');
  input.addEventListener('change', () => {
    if (input.files?.[0]) onPhotograph(input.files[0]);
    input.value = '';
  });
  return input;
}
