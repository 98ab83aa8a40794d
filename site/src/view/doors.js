/** The ways to what is loaded when it is asked for: help with the keys, and the same request from a program. */

import { byId } from '../dom/elements.js';

/**
 * @param {{
 *   snippets: () => Promise<readonly import('../engines/contract.js').Snippet[]>,
 *   copy: (code: string) => Promise<void>,
 *   onFailure: () => void,
 * }} parts
 */
export function createDoors({ snippets, copy, onFailure }) {
  const help = async () => (await import('./help.js')).openHelp();
  const useApi = async () => (await import('./use-api.js')).openSnippets(await snippets(), copy);

  byId('help', HTMLButtonElement).addEventListener('click', () => void help().catch(onFailure));
  byId('use-api', HTMLButtonElement).addEventListener('click', () => void useApi().catch(onFailure));
  document.addEventListener('keydown', ({ key, target }) => {
    if (key !== '?' || (target instanceof Element && target.matches('input, select, textarea'))) return;
    void help().catch(onFailure);
  });
}
