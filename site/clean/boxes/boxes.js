/**
 * Correcting boxes: one photograph after the other, with the editor of the published page. What is saved is in the folder;
 * what is changed and not saved stays in the page until it is left.
 */

import '../style/boxes.css';
import { byId } from '../../src/dom/elements.js';
import { parseDetections } from '../../src/tasks/detection/parse.js';
import { startEditing } from '../../src/tasks/detection/edit/editing.js';
import { marksOf } from '../../src/tasks/detection/marks.js';
import { speakWords } from '../../src/texts/tasks/words.js';
import { labelName } from '../../src/texts/texts.js';
import { createOverlay } from '../../src/view/overlay.js';
import { createTools } from '../../src/view/tools.js';
import { ask, pictureUrl } from '../server.js';
import { words } from '../texts/words.js';
import { boxesOf, nextOf } from './order.js';

/** @typedef {import('../../src/tasks/detection/edit/history.js').History} History */
/** @typedef {import('../../src/tasks/detection/types.js').Detection} Detection */
/** @typedef {import('./order.js').Photograph} Photograph */

/**
 * @typedef {Readonly<{
 *   photograph: Photograph,
 *   size: import('../../src/media/types.js').Size,
 *   detections: readonly Detection[],
 *   isOfModel: boolean,
 * }>} Opened isOfModel: nobody has looked at its boxes yet
 */

/**
 * @param {any} json what the program tells
 * @param {{tell: (text: string) => void, fail: (error: unknown) => void}} parts
 */
export function openBoxes(json, { tell, fail }) {
  byId('boxes', HTMLElement).hidden = false;
  const frame = byId('frame', HTMLElement);
  const picture = byId('picture', HTMLImageElement);
  const onlyOpen = byId('only-open', HTMLInputElement);
  /** @type {Photograph[]} */
  let photographs = json.photographs;
  /** @type {readonly string[]} */
  let labels = json.labels;
  /** What was changed and not saved, by photograph. @type {Map<number, {opened: Opened, history: History}>} */
  const unsaved = new Map();
  /** @type {Opened | null} */
  let current = null;
  /** @type {{stop: () => void} | null} */
  let editing = null;
  let waiting = speakWords();

  const overlay = createOverlay({ onTouch() {}, onLight() {} });
  const tools = createTools({ overlay, onHide() {}, onStep: (by) => later(() => go(by)), announce: tell });

  /** One after the other, so that no answer comes to another photograph than it is of. @param {() => Promise<void> | void} step */
  function later(step) {
    waiting = waiting.then(step).catch(fail);
  }

  /** @param {number} by */
  function go(by) {
    const next = nextOf(photographs, current?.photograph.id ?? null, by, onlyOpen.checked);
    if (next === null) return tell(words.boxes.done);
    return open(next);
  }

  /** @param {number} id */
  async function open(id) {
    editing?.stop();
    editing = null;
    const photograph = photographs.find((one) => one.id === id);
    if (!photograph) return;
    picture.src = pictureUrl(id, 'full');
    picture.alt = words.boxes.alt(photograph.name);
    current = unsaved.get(id)?.opened ?? { photograph, isOfModel: false, ...(await read(id)) };
    if (!current.photograph.saved && !unsaved.has(id) && json.model && current.detections.length === 0) await askModel();
    else start();
  }

  /** @param {number} id */
  async function read(id) {
    const answer = await ask(`photographs/${id}/boxes`);
    const size = { width: answer.width, height: answer.height };
    const { detections } = parseDetections(answer, size);
    return { size, detections: detections.map((one, at) => ({ ...one, annotation: answer.detections[at].annotation })) };
  }

  async function askModel() {
    if (!current || !json.model) return;
    const { photograph } = current;
    tell(words.boxes.asking);
    const answer = await ask(`photographs/${photograph.id}/found`);
    const size = { width: answer.width, height: answer.height };
    unsaved.delete(photograph.id);
    current = { photograph, size, detections: parseDetections(answer, size).detections, isOfModel: true };
    tell(words.boxes.found(current.detections.length));
    start();
  }

  function start() {
    if (!current) return;
    const { photograph: { id }, size, detections } = current;
    editing?.stop();
    const opened = current;
    const history = unsaved.get(id)?.history ?? null;
    frame.style.setProperty('--ratio', `${size.width} / ${size.height}`);
    editing = null;
    editing = startEditing({
      result: { detections, candidates: [], size },
      shown: /** @type {any} */ ({ detections }),
      edits: history,
      size,
      labels: Promise.resolve(labels),
      overlay,
      announce: tell,
      light: (index) => overlay.light(index),
      onEdit(edits) {
        if (current !== opened || !edits) return; // it is being left
        if (edits.detections === edits.found) unsaved.delete(id);
        else unsaved.set(id, { opened, history: edits });
        paint(edits.detections);
      },
    });
    tools.open();
    paint(history?.detections ?? detections);
  }

  /** @param {readonly Detection[]} detections */
  function paint(detections) {
    if (!current) return;
    const named = detections.map((one) => ({ ...one, label: labelName(one.label) }));
    overlay.show(marksOf(named, { labelOf: ({ label }) => label, nameOf: ({ label }, place) => words.boxes.box(label, place) }), current.size);
    const { photograph, isOfModel } = current;
    const at = photographs.findIndex(({ id }) => id === photograph.id);
    byId('place', HTMLElement).textContent = words.boxes.place(at + 1, photographs.length, photographs.filter(({ saved }) => saved).length);
    byId('file-name', HTMLElement).textContent = photograph.name;
    byId('file-state', HTMLElement).textContent = stateOf(photograph, isOfModel);
    byId('from-model', HTMLElement).hidden = !json.model;
  }

  /** @param {Photograph} photograph @param {boolean} isOfModel */
  function stateOf({ id, saved }, isOfModel) {
    if (unsaved.has(id) || (saved && isOfModel)) return words.boxes.edited;
    return saved ? words.boxes.savedTo(json.file) : words.boxes.open;
  }

  async function save() {
    if (!current) return;
    const { photograph: { id }, detections } = current;
    const shown = unsaved.get(id)?.history.detections ?? detections;
    const answer = await ask(`photographs/${id}/boxes`, { boxes: boxesOf(shown) });
    editing?.stop(); // which tells of its edits once more
    editing = null;
    ({ labels } = answer);
    photographs = photographs.map((one) => (one.id === id ? { ...one, saved: true } : one));
    unsaved.delete(id);
    tell(words.boxes.saved);
    const next = nextOf(photographs, id, 1, onlyOpen.checked);
    if (next !== null) return open(next);
    tell(words.boxes.done);
    return open(id);
  }

  for (const [id, act] of Object.entries({ save, 'from-model': askModel, back: () => go(-1), skip: () => go(1) })) {
    byId(id, HTMLButtonElement).addEventListener('click', () => later(act));
  }
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.matches('input:not([type=checkbox]), select');
    if (event.key !== 's' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    event.preventDefault();
    later(save);
  });
  window.addEventListener('beforeunload', (event) => {
    if (unsaved.size > 0) event.preventDefault();
  });

  later(() => open(photographs.find(({ saved }) => !saved)?.id ?? 0));
  return { refresh: () => later(start) };
}
