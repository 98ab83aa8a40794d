/** Which keys do what. Loaded when it is asked for. */

import { element } from '../dom/elements.js';
import { speakHelp, words } from '../texts/help/words.js';
import { openDialog } from './dialog.js';

export async function openHelp() {
  await speakHelp();
  const list = element('dl', 'keys');
  for (const [keys, what] of words.keys) list.append(element('dt', 'keys-key', keys), element('dd', 'keys-what', what));
  openDialog(words.title, [list]);
}
