/**
 * A peer's live camera as its own documentation writes one: the next frame as soon as the last one's boxes are drawn. `?peer=`
 * names it, as its folder in node_modules. `window.figures` is what was measured.
 */

import { load } from './peers.js';

const video = document.querySelector('video');
const canvas = document.querySelector('canvas');
const frames = [];
window.figures = { frames, error: '' };

async function main() {
  const { detect, draw } = await load(new URLSearchParams(location.search).get('peer'), canvas);
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  await video.play();
  for (;;) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    const found = await detect(video);
    const detected = performance.now();
    draw(found);
    const at = performance.now();
    frames.push({ at, detectMs: detected - began, drawMs: at - detected, found: found.length });
  }
}

main().catch((error) => (window.figures.error = String(error)));
