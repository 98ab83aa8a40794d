/** Several photographs at once: a strip of thumbnails, each with how far it is and what can be done about it. */

import { byId, element } from '../dom/elements.js';
import { texts } from '../texts/texts.js';

/** @typedef {import('../app/job.js').Job} Job */

/**
 * @typedef {{
 *   onSelect: (job: Job) => void,
 *   onCancel: (job: Job) => void,
 *   onRemove: (job: Job) => void,
 *   onRetry: (job: Job) => void,
 *   summaryOf: (job: Job) => {many: number, title: string},
 * }} Parts summaryOf: how many things there are in a result, and that in words
 */

/** @param {Parts} parts */
export function createStrip(parts) {
  const root = byId('strip', HTMLElement);
  /** @type {Map<number, ReturnType<typeof createTile>>} */
  const tiles = new Map();

  /** @param {Job} job */
  function tileOf(job) {
    const tile = tiles.get(job.id) ?? createTile(job, parts);
    tiles.set(job.id, tile);
    return tile;
  }

  return {
    /** The tile of the picture that is looked at. @returns {HTMLElement | null} */
    selected: () => root.querySelector('[aria-pressed=true]'),

    /**
     * @param {readonly Job[]} jobs
     * @param {Job | null} selected
     */
    show(jobs, selected) {
      root.hidden = jobs.length < 2;
      for (const [id, tile] of tiles) {
        if (jobs.some((job) => job.id === id) && !root.hidden) continue;
        tile.remove();
        tiles.delete(id);
      }
      if (root.hidden) return;
      for (const [place, job] of jobs.entries()) {
        const { item, show } = tileOf(job);
        if (root.children[place] !== item) root.insertBefore(item, root.children[place] ?? null);
        show(job === selected);
      }
    },
  };
}

/**
 * @param {Job} job
 * @param {Parts} parts
 */
function createTile(job, { onSelect, onCancel, onRemove, onRetry, summaryOf }) {
  const item = element('li', 'tile');
  const select = button('tile-select', () => onSelect(job));
  const picture = document.createElement('img');
  picture.className = 'tile-picture';
  picture.alt = '';
  picture.hidden = true;
  picture.decoding = 'async';
  picture.addEventListener('error', () => {
    picture.hidden = true;
  });
  const bar = element('span', 'tile-bar');
  const mark = element('span', 'tile-mark');
  mark.setAttribute('aria-hidden', 'true');
  select.append(picture, mark, bar);
  const again = button('tile-act tile-again', () => onRetry(job));
  const act = button('tile-act tile-remove', () => (isOver() ? onRemove(job) : onCancel(job)));
  const isOver = () => job.state === 'error' || job.state === 'result';
  item.append(select, again, act);
  let url = '';
  let wasSelected = false;

  return {
    item,

    /** @param {boolean} isSelected */
    show(isSelected) {
      if (!url && job.prepared) {
        url = URL.createObjectURL(job.prepared.file);
        picture.src = url;
        picture.hidden = false;
      }
      const summary = job.state === 'result' ? summaryOf(job) : null;
      item.dataset.state = job.state;
      bar.style.setProperty('--fraction', String(job.state === 'working' ? job.fraction : 0));
      select.setAttribute('aria-label', texts.strip.item(job.name, summary?.title ?? wordsFor(job)));
      select.setAttribute('aria-pressed', String(isSelected));
      if (isSelected && !wasSelected) item.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
      wasSelected = isSelected;
      mark.textContent = summary ? String(summary.many) : '';
      const isFailed = job.state === 'error';
      if (!isFailed && document.activeElement === again) select.focus();
      again.hidden = !isFailed;
      again.setAttribute('aria-label', texts.strip.retry(job.name));
      act.setAttribute('aria-label', isOver() ? texts.strip.remove(job.name) : texts.strip.cancel(job.name));
    },

    remove() {
      URL.revokeObjectURL(url);
      item.remove();
    },
  };
}

/** @param {Job} job */
function wordsFor(job) {
  return job.failure?.kind === 'cancelled' ? texts.errors.cancelled.title : texts.strip.states[job.state] ?? '';
}

/** @param {string} className @param {() => void} onClick */
function button(className, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.addEventListener('click', onClick);
  return made;
}
