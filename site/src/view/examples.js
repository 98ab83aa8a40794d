/** Photographs to try the page with. */

import { byId, element } from './dom.js';

/** @typedef {Readonly<{name: string, url: string, thumbnail: string}>} Example */

/**
 * @param {readonly Example[]} examples
 * @param {(example: Example) => void} onExample
 */
export function createExamples(examples, onExample) {
  const root = byId('examples', HTMLElement);
  byId('example-list', HTMLElement).append(...examples.map((example) => itemOf(example, onExample)));
  root.hidden = examples.length === 0;
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
  button.append(thumbnail, element('span', 'example-name', example.name.replace(/\.\w+$/, '')));
  button.addEventListener('click', () => onExample(example));
  const item = document.createElement('li');
  item.append(button);
  return item;
}
