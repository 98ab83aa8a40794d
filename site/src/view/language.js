/** The switch to the page's other languages, each by its own name. */

import { byId } from '../dom/elements.js';
import { LANGUAGES, texts } from '../texts/texts.js';

/** @param {(language: string) => Promise<void>} onLanguage */
export function createLanguageSwitch(onLanguage) {
  const root = byId('languages', HTMLElement);
  const buttons = LANGUAGES.map((tag) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-quiet';
    button.lang = tag;
    button.textContent = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
    button.addEventListener('click', async () => {
      await onLanguage(tag);
      show();
    });
    return button;
  });
  root.append(...buttons);

  function show() {
    const hadFocus = root.contains(document.activeElement);
    for (const button of buttons) button.hidden = button.lang === texts.language;
    if (hadFocus) buttons.find((button) => !button.hidden)?.focus();
  }

  show();
}
