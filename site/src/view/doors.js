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
  const windows = () => import('./windows.js');
  const help = async () => (await windows()).openHelp();
  const stored = async () => (await windows()).openStored(await forget());
  const useApi = async () => (await windows()).openSnippets(await snippets(), copy);
  const theme = async () => (await import('./theme.js')).createThemeSwitch(preferences);
  const chooseTheme = async () => (await theme()).choose();

  if (preferences.recall('theme')) void theme().catch(onMissing);
  else byId('theme', HTMLSelectElement).addEventListener('change', () => void chooseTheme().catch(onMissing), { once: true });
  for (const [id, open] of Object.entries({ help, 'stored-data': stored, 'use-api': useApi })) {
    byId(id, HTMLButtonElement).addEventListener('click', () => void open().catch(onMissing));
  }
  document.addEventListener('keydown', ({ key, target }) => {
    if (key !== '?' || (target instanceof Element && target.matches('input, select, textarea'))) return;
    void help().catch(onMissing);
  });
}
