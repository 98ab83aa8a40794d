/** What the server has of a video, until when, and how to have it forgotten. */

import { element } from '../../dom/elements.js';
import { texts } from '../../texts/texts.js';
import { words } from '../../texts/video/words.js';

/** @param {{onForget: () => Promise<void>, onCopyLink: () => Promise<void>, onFile: (file: File) => void}} parts */
export function createStored({ onForget, onCopyLink, onFile }) {
  const root = element('div', 'stored');
  const notes = element('p', 'stored-text');
  const text = element('p', 'stored-text');
  text.id = 'stored';
  const forget = button('forget', onForget);
  const copyLink = button('copy-link', onCopyLink);
  const chooseAgain = button('choose-again', async () => input.click());
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', accept: 'video/*,.mkv,.avi', hidden: true, id: 'own-video' });
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) onFile(file);
    input.value = '';
  });
  const acts = element('div', 'stored-acts');
  acts.append(forget, copyLink, chooseAgain, input);
  root.append(notes, text, acts);

  return {
    root,

    /** @param {{keptUntil: Date | null, notes: readonly string[], isFileWanted: boolean}} what notes: in words */
    show({ keptUntil, notes: said, isFileWanted }) {
      const time = keptUntil?.toLocaleTimeString(texts.language, { hour: '2-digit', minute: '2-digit' });
      text.textContent = time ? words.stored(time) : '';
      notes.textContent = said.join(' ');
      notes.hidden = said.length === 0;
      forget.textContent = words.forget;
      copyLink.textContent = words.copyLink;
      chooseAgain.textContent = words.chooseAgain;
      chooseAgain.hidden = !isFileWanted;
    },
  };
}

/** @param {string} id @param {() => Promise<void>} act */
function button(id, act) {
  const made = document.createElement('button');
  Object.assign(made, { type: 'button', id, className: 'button button-quiet' });
  made.addEventListener('click', () => void act());
  return made;
}
