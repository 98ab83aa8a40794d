/** Photographs to try the page with. */

import { byId, element } from '../dom/elements.js';
import { say } from '../texts/texts.js';

/** @typedef {Readonly<{name: string, caption: import('../texts/texts.js').Words, url: string, thumbnail: string}>} Example */

/**
 * @param {readonly Example[]} examples
 * @param {(example: Example) => void} onExample
 */
export function createExamples(examples, onExample) {
  const root = byId('examples', HTMLElement);
  const items = examples.map((example) => itemOf(example, onExample));
  byId('example-list', HTMLElement).append(...items.map(({ item }) => item));
  root.hidden = examples.length === 0;

  return {
    /** Say the same in another language. */
    refresh: () => items.forEach(({ name }) => name()),
  };
}

/**
 * @param {Example} example
 * @param {(example: Example) => void} onExample
 */
function itemOf(example, onExample) {
  const thumbnail = document.createElement('img');
  thumbnail.className = 'example-picture';
  thumbnail.alt = '';
  thumbnail.loading = 'lazy';
  thumbnail.decoding = 'async';
  thumbnail.width = 4;
  thumbnail.height = 3;
  thumbnail.src = example.thumbnail;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'example';
  const caption = element('span', 'example-name');
  button.append(thumbnail, caption);
  button.addEventListener('click', () => onExample(example));
  const item = document.createElement('li');
  item.append(button);
  const name = () => {
    caption.textContent = say(example.caption);
  };
  name();
  return { item, name };
}
