/**
 * A door for each task, on the empty page of a server that has several: what it does, with an example, at an address of its
 * own. Loaded when there are several.
 */

import '../style/doors.css';

import { owners } from 'virtual:doors';
import { byId, element } from '../dom/elements.js';
import { words } from '../texts/tasks/words.js';
import { say } from '../texts/texts.js';

/** @typedef {import('../sources/examples.js').Example} Example */

const READING = 'reading'; // on none of the photographs that come with the page anything is written

/**
 * @param {{
 *   examples: readonly Example[],
 *   onDoor: (task: string, example: Example | null) => void,
 * }} parts onDoor: null if a photograph of the visitor's own is to come
 */
export function createTaskDoors({ examples, onDoor }) {
  const root = element('nav', 'doors');
  const title = element('h2', 'panel-title');
  title.id = 'doors-title';
  root.setAttribute('aria-labelledby', title.id);
  const list = element('ul', 'door-list');
  list.setAttribute('role', 'list');
  root.append(title, list);
  byId('awaiting', HTMLElement).before(root);
  /** @type {ReturnType<typeof createDoor>[]} */
  let doors = [];

  return {
    /** Also in another language. @param {{doors: readonly string[], task: string}} offer */
    show({ doors: ids, task }) {
      root.hidden = ids.length === 0;
      title.textContent = words.doors.title;
      if (ids.join() !== doors.map(({ id }) => id).join()) {
        doors = ids.map((id, index) => createDoor(id, exampleOf(id, index), onDoor));
        list.replaceChildren(...doors.map(({ item }) => item));
      }
      for (const door of doors) door.show(door.id === (task || ids[0]));
    },
  };

  /** The owner's, else another one for each door that does not ask for writing. @param {string} id @param {number} index */
  function exampleOf(id, index) {
    const chosen = examples.find(({ name }) => name === owners[id]?.example);
    return chosen ?? (id === READING ? null : examples[index % examples.length] ?? null);
  }
}

/**
 * @param {string} id
 * @param {Example | null} example
 * @param {(task: string, example: Example | null) => void} onDoor
 */
function createDoor(id, example, onDoor) {
  const item = element('li', `door door-${id}`);
  const link = linkTo(`#${new URLSearchParams({ task: id })}`, 'door-link', () => onDoor(id, null));
  const [name, sentence] = [element('span', 'door-name'), element('span', 'door-sentence')];
  link.append(name, ' ', sentence);
  const tryIt = example && exampleLink(id, example, onDoor);
  item.append(...(tryIt ? [tryIt] : []), link);

  return {
    id,
    item,

    /** @param {boolean} isCurrent */
    show(isCurrent) {
      const known = words.doors.of[id];
      name.textContent = say(owners[id]?.title ?? known?.title ?? id);
      sentence.textContent = say(owners[id]?.sentence ?? known?.sentence ?? '');
      if (isCurrent) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
      if (example) tryIt?.setAttribute('aria-label', words.doors.tryWith(name.textContent, say(example.caption)));
    },
  };
}

/**
 * @param {string} id
 * @param {Example} example
 * @param {(task: string, example: Example | null) => void} onDoor
 */
function exampleLink(id, example, onDoor) {
  const link = linkTo(`#${new URLSearchParams({ task: id, example: example.name })}`, 'door-example', () => onDoor(id, example));
  const picture = document.createElement('img');
  Object.assign(picture, { className: 'door-picture', alt: '', src: example.thumbnail, width: 4, height: 3, decoding: 'async' });
  link.append(picture);
  return link;
}

/** @param {string} address @param {string} className @param {() => void} onClick */
function linkTo(address, className, onClick) {
  const link = document.createElement('a');
  link.href = address;
  link.className = className;
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into a tab of its own
    event.preventDefault(); // the address may say so already, and then nothing would happen
    onClick();
  });
  return link;
}
