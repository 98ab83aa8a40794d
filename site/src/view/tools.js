/** What one can do to see a result better, by buttons beside the picture and by keys. Loaded with the first result. */

import '../style/tools.css';
import { byId } from '../dom/elements.js';
import { words } from '../texts/tasks/words.js';
import { createNear } from './near.js';

/** Two strokes each, in a field of 24 by 24. */
const ICONS = Object.freeze({
  marks: 'M3 12c4-7 14-7 18 0-4 7-14 7-18 0zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
  farther: 'M5 12h14',
  nearer: 'M5 12h14M12 5v14',
  fullScreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
});

/**
 * @param {{
 *   overlay: import('./overlay.js').Overlay,
 *   onHide: () => void,
 *   onStep: (by: number) => void,
 *   announce: (text: string) => void,
 * }} parts onHide: the marks are to be hidden, so the photograph has to be there without any. onStep: to another photograph
 */
export function createTools({ overlay, onHide, onStep, announce }) {
  const frame = byId('frame', HTMLElement);
  const root = byId('tools', HTMLElement);
  const near = createNear({
    frame,
    surface: overlay.root,
    isEditing: () => overlay.editing() !== null,
    onLook() {
      overlay.refit();
      farther.disabled = !near.isNear();
    },
  });
  const marks = button('marks', () => setHidden(marks.getAttribute('aria-pressed') === 'true'));
  const farther = button('farther', near.farther);
  const nearer = button('nearer', near.nearer);
  const fullScreen = button('fullScreen', toggleFullScreen);
  farther.disabled = true;
  fullScreen.hidden = !document.fullscreenEnabled;
  root.append(marks, farther, nearer, fullScreen);

  // Beside the picture, where they cover no mark; over it where there is nothing beside.
  const home = root.parentElement;
  document.addEventListener('fullscreenchange', () => {
    const isFull = document.fullscreenElement === frame;
    const { activeElement } = document;
    if (isFull) frame.append(root);
    else home?.insertBefore(root, home.children[1] ?? null);
    if (activeElement instanceof HTMLElement && root.contains(activeElement)) activeElement.focus();
  });

  /** @type {Readonly<Record<string, () => void>>} */
  const keys = {
    '+': near.nearer,
    '=': near.nearer,
    '-': near.farther,
    '0': near.whole,
    '[': () => onStep(-1),
    ']': () => onStep(1),
    f: () => document.fullscreenEnabled && toggleFullScreen(),
    h: () => setHidden(marks.getAttribute('aria-pressed') === 'true'),
  };
  document.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    // Some keyboards have [ and ] with AltGr.
    const isShortcut = (ctrlKey || metaKey || altKey) && !event.getModifierState('AltGraph');
    if (root.hidden || isShortcut || isTyping(target) || document.querySelector('dialog[open]')) return;
    const act = keys[key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** @param {boolean} isHidden */
  function setHidden(isHidden) {
    if (isHidden && overlay.editing()) return;
    if (isHidden) onHide();
    overlay.root.classList.toggle('is-hidden', isHidden);
    marks.setAttribute('aria-pressed', String(!isHidden));
    announce(isHidden ? words.tools.hidden : words.tools.shown);
  }

  async function toggleFullScreen() {
    await (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen()).catch(() => {});
  }

  return {
    /** There is another picture to look at. */
    open() {
      near.setOpen(true);
      overlay.root.classList.remove('is-hidden');
      marks.setAttribute('aria-pressed', 'true');
      for (const [name, made] of Object.entries({ marks, farther, nearer, fullScreen })) {
        made.setAttribute('aria-label', words.tools[/** @type {keyof typeof ICONS} */ (name)]);
        made.title = words.tools[/** @type {keyof typeof ICONS} */ (name)];
      }
      root.hidden = false;
    },

    close() {
      near.setOpen(false);
      root.hidden = true;
    },
  };
}

/** @param {keyof typeof ICONS} name @param {() => void} onClick */
function button(name, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = `tool tool-${name.toLowerCase()}`;
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  icon.append(path);
  made.append(icon);
  made.addEventListener('click', onClick);
  return made;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.matches('input:not([type=checkbox], [type=range]), select, textarea');
}
