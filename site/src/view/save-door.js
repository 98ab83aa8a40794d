/** The way to the forms in which a result is kept: a button that opens a list, which is loaded when it is asked for. */

import { byId } from '../dom/elements.js';

/**
 * @param {{
 *   saving: () => Promise<Parameters<typeof import('./save-menu.js').createSaveMenu>[0]>,
 *   onMissing: () => void,
 * }} parts onMissing: it could not be loaded
 */
export function createSaveDoor({ saving, onMissing }) {
  const button = byId('save', HTMLButtonElement);
  /** @type {ReturnType<typeof import('./save-menu.js').createSaveMenu> | undefined} */
  let menu;

  async function open() {
    const [{ createSaveMenu }, parts] = await Promise.all([import('./save-menu.js'), saving()]);
    menu ??= createSaveMenu(parts);
    if (!button.hidden) menu.toggle();
  }

  button.addEventListener('click', () => (menu ? menu.toggle() : void open().catch(onMissing)));

  return { close: () => menu?.close() };
}
