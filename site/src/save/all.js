/** All photographs of the strip in one archive: a folder for each form, a file in it for each photograph. */

import { subjectOf } from './subject.js';
import { zip } from './zip.js';

/** @typedef {import('./formats.js').File} File */
/** @typedef {import('./formats.js').Format} Format */

/**
 * @param {readonly Readonly<{current: Parameters<typeof subjectOf>[0], formats: readonly Format[]}>[]} results
 * @returns {Promise<{name: string, content: Blob}>}
 */
export async function makeAll(results) {
  /** @type {Map<string, File>} */
  const files = new Map();
  for (const { current, formats } of results) {
    const subject = subjectOf(current);
    for (const format of formats) {
      const kept = 'make' in format && (await format.make(subject));
      if (!kept || !('name' in kept)) continue;
      for (const { name, content } of kept.files ?? [kept]) add(files, `${format.id}/${name}`, content);
    }
  }
  return { name: 'photos.zip', content: await zip([...files.values()]) };
}

/**
 * Two photographs may have one name, and all of them the same list of classes.
 *
 * @param {Map<string, File>} files
 * @param {string} name
 * @param {Blob | string} content
 */
function add(files, name, content) {
  let free = name;
  for (let many = 2; files.has(free); many += 1) {
    if (files.get(free)?.content === content) return;
    free = name.replace(/(\.\w+)?$/, `-${many}$1`);
  }
  files.set(free, { name: free, content });
}
