/** The same request from a program: a snippet for each language. Loaded when it is asked for. */

import { element } from '../dom/elements.js';
import { speakHelp, words } from '../texts/help/words.js';
import { texts } from '../texts/texts.js';
import { openDialog } from './dialog.js';

/**
 * @param {readonly import('../engines/contract.js').Snippet[]} snippets
 * @param {(code: string) => Promise<void>} onCopy
 */
export async function openSnippets(snippets, onCopy) {
  await speakHelp();
  const parts = snippets.map(({ language, code }) => {
    const part = element('section', 'snippet');
    const head = element('div', 'snippet-head');
    const name = element('h3', 'panel-title', language);
    const copy = document.createElement('button');
    copy.type = 'button';
    copy.className = 'button button-quiet';
    copy.textContent = words.copy;
    copy.setAttribute('aria-label', `${words.copy}: ${language}`);
    copy.addEventListener('click', async () => {
      await onCopy(code);
      copy.textContent = texts.copied;
    });
    head.append(name, copy);
    const text = element('pre', 'snippet-code', code);
    text.tabIndex = 0; // it scrolls
    text.setAttribute('role', 'region');
    text.setAttribute('aria-label', language);
    part.append(head, text);
    return part;
  });
  openDialog(texts.fixed.useApi, [element('p', 'hint', words.api), ...parts]);
}
