/** The time of a video, and what is in it when: a lane for each label. A slider for keys and pointers. */

import { element } from '../../dom/elements.js';
import { labelName } from '../../texts/texts.js';
import { words } from '../../texts/video/words.js';

/** @typedef {import('../../app/video/lanes.js').Lane} Lane */

const KEYS = Object.freeze({ PageUp: -1, PageDown: 1 });

/** @param {{onSeek: (timeS: number) => void, onSpan: (by: number) => void}} parts onSpan: to the next object, or the one before */
export function createTimeline({ onSeek, onSpan }) {
  const root = element('div', 'timeline');
  root.id = 'timeline';
  root.tabIndex = 0;
  root.setAttribute('role', 'slider');
  root.setAttribute('aria-valuemin', '0');
  const list = element('div', 'lanes');
  const ruler = element('div', 'lane-ruler');
  const cursor = element('div', 'timeline-cursor');
  ruler.append(cursor);
  root.append(ruler, list);
  let endS = 1;
  let isDown = false;

  /** @param {PointerEvent} event */
  function seekTo({ clientX }) {
    const { left, width } = ruler.getBoundingClientRect();
    onSeek(Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width))) * endS);
  }

  root.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    isDown = true;
    root.setPointerCapture(event.pointerId);
    seekTo(event);
  });
  root.addEventListener('pointermove', (event) => {
    if (isDown) seekTo(event);
  });
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) root.addEventListener(end, () => void (isDown = false));
  root.addEventListener('keydown', (event) => {
    const by = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (by !== undefined) onSpan(by);
    else if (event.key === 'Home') onSeek(0);
    else if (event.key === 'End') onSeek(endS);
    else return;
    event.preventDefault();
  });

  return {
    root,

    speak() {
      root.setAttribute('aria-label', words.timeline);
      root.setAttribute('aria-description', words.keys);
    },

    /** @param {number} timeS @param {number} all */
    showTime(timeS, all) {
      endS = Math.max(all, 1e-3);
      cursor.style.setProperty('left', `${(100 * Math.min(timeS, endS)) / endS}%`);
      root.setAttribute('aria-valuemax', all.toFixed(1));
      root.setAttribute('aria-valuenow', timeS.toFixed(1));
      root.setAttribute('aria-valuetext', words.at(timeS, all));
    },

    /** @param {readonly Lane[]} lanes @param {number} all */
    showLanes(lanes, all) {
      list.replaceChildren(...lanes.map((lane) => laneOf(lane, Math.max(all, 1e-3))));
    },
  };
}

/** @param {Lane} lane @param {number} endS */
function laneOf({ label, colour, many, spans }, endS) {
  const lane = element('div', 'lane');
  lane.style.setProperty('--class-colour', colour);
  const name = element('span', 'lane-name');
  name.append(element('span', 'lane-label', labelName(label)), element('span', '', words.counted('', many)));
  name.title = words.counted(labelName(label), many);
  const room = element('span', 'lane-room');
  room.append(
    ...spans.map(({ fromS, toS, name: of }) => {
      const span = element('span', 'lane-span');
      span.style.setProperty('left', `${(100 * fromS) / endS}%`);
      span.style.setProperty('width', `${(100 * (toS - fromS)) / endS}%`);
      span.title = words.span(of || labelName(label), fromS, toS);
      return span;
    }),
  );
  lane.append(name, room);
  return lane;
}
