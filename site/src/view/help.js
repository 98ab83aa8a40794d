/** Which keys do what. Loaded when it is asked for. */

import { element } from '../dom/elements.js';
import { texts } from '../texts/texts.js';
import { openDialog } from './dialog.js';

export function openHelp() {
  const list = element('dl', 'keys');
  for (const [keys, what] of texts.help.keys) list.append(element('dt', 'keys-key', keys), element('dd', 'keys-what', what));
  openDialog(texts.help.title, [list]);
}
