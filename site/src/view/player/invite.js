/** Lets videos in beside photographs, and says so where one is chosen. */

import { byId, element } from '../../dom/elements.js';
import { followers } from '../../texts/texts.js';
import { speakVideo, words } from '../../texts/video/words.js';

const VIDEOS = 'video/*,.mkv,.avi';
const NAMES = /\.(?:mp4|m4v|mov|webm|mkv|avi)$/i;

/** @type {HTMLElement | undefined} */
let note;
let most = 0;

/** @param {File} file */
export function isVideo({ type, name }) {
  return type.startsWith('video/') || (!type.startsWith('image/') && NAMES.test(name));
}

/** @param {number} megabytes that a video may have, 0 if none is taken */
export function invite(megabytes) {
  for (const id of ['file-input', 'add-input']) {
    const input = byId(id, HTMLInputElement);
    const photographs = input.accept.replace(`,${VIDEOS}`, '');
    input.accept = megabytes > 0 ? `${photographs},${VIDEOS}` : photographs;
  }
  if (megabytes === most) return;
  most = megabytes;
  void speakVideo().then(show);
  if (!followers.includes(show)) followers.push(show);
}

async function show() {
  if (!note) {
    note = element('p', 'prompt-note');
    note.id = 'video-note';
    byId('offline-note', HTMLElement).before(note);
  }
  note.hidden = most === 0;
  note.textContent = words.invitation(most);
}
