/**
 * The ways to what is loaded when it is asked for: help with the keys, what is stored, the same request from a
 * program, the theme.
 */

import { byId } from '../dom/elements.js';

/**
 * @param {{
 *   preferences: Parameters<typeof import('./theme.js').createThemeSwitch>[0],
 *   snippets: () => Promise<readonly import('../engines/contract.js').Snippet[]>,
 *   copy: (code: string) => Promise<void>,
 *   forget: () => Promise<() => Promise<void>>,
 *   onMissing: () => void,
 * }} parts
 */
export function createDoors({ preferences, snippets, copy, forget, onMissing }) {
  const help = async () => (await import('./help.js')).openHelp();
  const stored = async () => (await import('./stored.js')).openStored(await forget());
  const useApi = async () => (await import('./use-api.js')).openSnippets(await snippets(), copy);
  const theme = async () => (await import('./theme.js')).createThemeSwitch(preferences);
  const chooseTheme = async () => (await theme()).choose();

  if (preferences.recall('theme')) void theme().catch(onMissing);
  else byId('theme', HTMLSelectElement).addEventListener('change', () => void chooseTheme().catch(onMissing), { once: true });
  byId('help', HTMLButtonElement).addEventListener('click', () => void help().catch(onMissing));
  byId('stored-data', HTMLButtonElement).addEventListener('click', () => void stored().catch(onMissing));
  byId('use-api', HTMLButtonElement).addEventListener('click', () => void useApi().catch(onMissing));
  document.addEventListener('keydown', ({ key, target }) => {
    if (key !== '?' || (target instanceof Element && target.matches('input, select, textarea'))) return;
    void help().catch(onMissing);
  });
}
