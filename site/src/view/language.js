/** The switch to the page's other language. */

import { LANGUAGES, texts } from '../texts.js';
import { byId } from './dom.js';

/** @param {(language: string) => Promise<void>} onLanguage */
export function createLanguageSwitch(onLanguage) {
  const button = byId('language', HTMLButtonElement);

  function show() {
    const [other] = Object.entries(LANGUAGES).filter(([language]) => language !== texts.language);
    if (!other) return;
    [button.lang, button.textContent] = other;
  }

  button.addEventListener('click', async () => {
    await onLanguage(button.lang);
    show();
  });
  show();
}
