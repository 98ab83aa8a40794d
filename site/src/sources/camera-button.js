/** The way to the camera, where there is one. */

import { byId } from '../dom/elements.js';

/** @param {(photograph: File) => void} onPhotograph */
export function createCameraButton(onPhotograph) {
  const button = byId('camera', HTMLButtonElement);
  const devices = navigator.mediaDevices; // only where the page came by HTTPS

  async function show() {
    const known = (await devices?.enumerateDevices?.().catch(() => [])) ?? [];
    button.hidden = !known.some(({ kind }) => kind === 'videoinput');
  }

  button.addEventListener('click', async () => {
    const { openCamera } = await import('./camera.js');
    openCamera(onPhotograph);
  });
  devices?.addEventListener?.('devicechange', () => void show());
  void show();
}
