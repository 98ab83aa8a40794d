/** Says how far a video is, in the frame. */

import { byId } from '../../dom/elements.js';

/** @param {import('../../app/video/work.js').ToldText} told */
export function showTold({ text, fraction, note, picture }) {
  const bar = byId('progress', HTMLProgressElement);
  if (fraction === null) bar.removeAttribute('value');
  else bar.value = fraction;
  byId('progress-sheet', HTMLElement).hidden = false;
  byId('progress-text', HTMLElement).textContent = text;
  byId('caption', HTMLElement).textContent = note;
  if (!picture) return;
  const preview = byId('preview', HTMLImageElement);
  preview.src = picture;
  preview.hidden = false;
  byId('frame', HTMLElement).dataset.picture = 'preview';
}
