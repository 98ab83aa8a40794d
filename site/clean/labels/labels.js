/** Correcting labels: what happens when. Decisions are sent one after the other, and what is shown is what the program answered. */

import '../style/labels.css';
import { byId } from '../../src/dom/elements.js';
import { ask } from '../server.js';
import { words } from '../texts/words.js';
import { createGrid } from './grid.js';
import { actionOf } from './keys.js';
import { createPair } from './pair.js';
import * as select from './selection.js';
import { applied, idsOf, openDoubts, openPairs, readState } from './state.js';
import { createTray } from './tray.js';
import { createViews } from './views.js';

/** @typedef {import('./keys.js').Action} Action */
/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').View} View */

/**
 * @param {any} json what the program tells
 * @param {{tell: (text: string) => void, fail: (error: unknown) => void}} parts tell: a short word on what was done
 */
export function openLabels(json, { tell, fail }) {
  byId('labels', HTMLElement).hidden = false;
  let state = readState(json);
  /** @type {View} */
  let view = openDoubts(state).length > 0 ? 'doubts' : openPairs(state).length > 0 ? 'pairs' : 'all';
  /** @type {number | null} of which alone photographs are shown */
  let label = null;
  /** @type {import('./selection.js').Selection} */
  let selection = select.NOTHING;
  let [pairAt, side] = /** @type {[number, 0 | 1]} */ ([0, 0]);
  let waiting = Promise.resolve();

  const grid = createGrid((id, { isExtending, isToggling }) => {
    if (isExtending) selection = select.ranged(selection, ids(), id);
    else selection = isToggling ? select.toggled(selection, id) : select.only(id);
    render();
  });
  const pair = createPair((meant) => {
    side = meant;
    render();
  });
  const tray = createTray(later);
  const views = createViews({
    onView(chosen) {
      [view, selection, pairAt, side] = [chosen, select.NOTHING, 0, 0];
      render();
      focus();
    },
    onFilter(chosen) {
      [label, selection] = [chosen, select.NOTHING];
      render();
    },
  });
  const nothing = byId('nothing', HTMLElement);
  const places = [grid.root, pair.root, nothing]; // one of them is there
  for (const place of places) place.addEventListener('keydown', onKey);

  const ids = () => idsOf(state, view, label);
  const nameOf = (/** @type {number | null} */ at) => (at === null ? '' : state.labels[at] ?? ''); // as in the folder, in any language
  const pairOf = () => openPairs(state)[pairAt] ?? null;

  /** @returns {number[]} the photographs that an action is for */
  function meant() {
    if (view !== 'pairs') return select.meant(selection);
    const open = pairOf();
    return open ? [side === 0 ? open.one : open.other] : [];
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const room = view === 'pairs' ? { columns: 2, rows: 1 } : grid.room();
    const action = actionOf(event, { labels: state.labels.length, ...room });
    if (!action) return;
    event.preventDefault();
    later(action);
  }

  /** One after the other, each for what is meant when its turn comes: keys may be quicker than the disk. @param {Action} action */
  function later(action) {
    waiting = waiting.then(() => act(action)).catch(fail);
  }

  /** @param {Action} action */
  async function act(action) {
    switch (action.do) {
      case 'move': return view === 'pairs' ? stepPair(action.by) : choose(select.moved(selection, ids(), action.by, action.isExtending));
      case 'toggle': return selection.current === null || view === 'pairs' ? undefined : choose(select.toggled(selection, selection.current));
      case 'everything': return view === 'pairs' ? undefined : choose(select.everything(selection, ids()));
      case 'nothing': return choose(select.only(selection.current));
      case 'undo': return state.undo ? take(await ask('undo', {})) : undefined;
      default: return decide(action);
    }
  }

  /** @param {Extract<Action, {do: 'relabel' | 'delete' | 'keep'}>} action */
  async function decide(action) {
    const photographs = meant();
    if (photographs.length === 0) return;
    const open = view === 'pairs' ? pairOf() : null;
    if (action.do === 'keep' && open) return take(await ask('decisions', { do: 'keep-both', photographs: [open.one, open.other] }));
    // Who says again what stands there says that it is right.
    const isSaid = action.do === 'relabel' && photographs.every((id) => state.photographs.get(id)?.label === action.label);
    return take(await ask('decisions', { ...(isSaid ? { do: 'keep' } : action), photographs }));
  }

  /** @param {Answer} answer */
  function take(answer) {
    const before = ids();
    state = applied(state, answer);
    const after = ids();
    if (answer.undone && view !== 'pairs') selection = select.only(answer.photographs.find(({ id }) => after.includes(id))?.id ?? selection.current);
    else selection = select.settled(selection, before, after, true);
    pairAt = Math.max(0, Math.min(pairAt, openPairs(state).length - 1));
    tell(words.did(answer, nameOf(answer.photographs[0]?.label ?? null)));
    render();
  }

  /** @param {import('./selection.js').Selection} next */
  function choose(next) {
    selection = next;
    render();
  }

  /** @param {number} by as in a grid of two columns */
  function stepPair(by) {
    if (Math.abs(by) === 1) side = by < 0 ? 0 : 1;
    else pairAt = Math.max(0, Math.min(pairAt + Math.trunc(by / 2), openPairs(state).length - 1));
    render();
  }

  /** What the model takes a photograph for, '' if that is no question. @param {number} id */
  function doubtOf(id) {
    const doubt = state.run?.doubts.find((one) => one.id === id);
    const one = state.photographs.get(id);
    return doubt && one && !one.kept ? nameOf(doubt.said) : '';
  }

  /** @param {import('./types.js').Photograph} one */
  function saidOf({ id, label: own }) {
    const said = doubtOf(id);
    return said ? `${nameOf(own)} · ${words.says(said)}` : nameOf(own);
  }

  /** @param {number} id */
  function faceOf(id) {
    const one = state.photographs.get(id);
    const said = view === 'doubts' ? doubtOf(id) : '';
    return { name: one?.name ?? '', words: [nameOf(one?.label ?? null), ...(said ? [words.saysShort(said)] : [])], isKept: view === 'all' && (one?.kept ?? false) };
  }

  function focus() {
    places.find((place) => !place.hidden)?.focus({ preventScroll: true });
  }

  function render() {
    const hadFocus = places.some((place) => place.contains(document.activeElement));
    const shown = ids();
    const isPair = view === 'pairs';
    if (!isPair && (selection.current === null || !shown.includes(selection.current))) selection = select.only(shown[0] ?? null);
    const open = pairOf();
    views.show({ state, view, label, nameOf, pair: open && { position: pairAt + 1, of: openPairs(state).length, across: open.across } });
    nothing.hidden = shown.length > 0;
    nothing.textContent = words.nothing[view];
    grid.root.hidden = isPair || shown.length === 0;
    pair.root.hidden = !isPair || shown.length === 0;
    if (!isPair) grid.show(shown, faceOf, selection);
    showPair();
    const current = meant().length === 1 ? meant()[0] ?? null : selection.current;
    const one = current === null ? undefined : state.photographs.get(current);
    tray.show({
      labels: state.labels,
      current: one ? { id: one.id, name: one.name, said: saidOf(one) } : null,
      own: one?.label ?? null,
      many: shown.length === 0 ? 0 : meant().length,
      isPair,
      undo: state.undo,
    });
    if (hadFocus) focus();
  }

  function showPair() {
    const open = pairOf();
    if (view !== 'pairs' || !open) return;
    const [one, other] = [open.one, open.other].map((id) => {
      const known = state.photographs.get(id);
      return { id, name: known?.name ?? '', label: nameOf(known?.label ?? null) };
    });
    if (one && other) pair.show([one, other], side, { position: pairAt + 1, of: openPairs(state).length });
  }

  render();
  focus();
  return { refresh: render };
}
