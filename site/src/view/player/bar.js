/** The player's buttons, and which moment is seen. */

import { element, svgElement } from '../../dom/elements.js';
import { words } from '../../texts/video/words.js';

/** In a field of 24 by 24. */
const ICONS = Object.freeze({ play: 'M7 4v16l13-8z', pause: 'M7 4h3v16H7zM14 4h3v16h-3z', before: 'M6 5v14M19 5l-9 7 9 7z', after: 'M18 5v14M5 5l9 7-9 7z' });

/** @param {{onToggle: () => void, onStep: (by: number) => void}} parts */
export function createBar({ onToggle, onStep }) {
  const root = element('div', 'player-bar');
  const play = button('play', onToggle);
  const before = button('before', () => onStep(-1));
  const after = button('after', () => onStep(1));
  const time = element('span', 'player-time');
  play.id = 'play';
  time.id = 'player-time';
  root.append(play, before, after, time);
  let isPlaying = false;

  const bar = {
    root,

    /** @param {boolean} is */
    showPlaying(is) {
      isPlaying = is;
      play.querySelector('path')?.setAttribute('d', is ? ICONS.pause : ICONS.play);
      name(play, is ? words.pause : words.play);
    },

    /** @param {number} seconds @param {number} all */
    showTime(seconds, all) {
      const text = words.at(seconds, all);
      if (time.textContent !== text) time.textContent = text;
    },

    speak() {
      bar.showPlaying(isPlaying);
      name(before, words.before);
      name(after, words.after);
    },
  };
  return bar;
}

/** @param {HTMLElement} made @param {string} text */
function name(made, text) {
  made.setAttribute('aria-label', text);
  made.title = text;
}

/** @param {keyof typeof ICONS} icon @param {() => void} onClick */
function button(icon, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'player-button';
  const picture = svgElement('svg', '');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  const path = svgElement('path', '');
  path.setAttribute('d', ICONS[icon]);
  picture.append(path);
  made.append(picture);
  made.addEventListener('click', onClick);
  return made;
}
