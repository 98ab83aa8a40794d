/** The page of `make clean-data`: what it has in common, whatever is corrected. */

import './style/style.css';
import { byId, element } from '../src/dom/elements.js';
import { chooseLanguage, learnLabels, speak } from '../src/texts/texts.js';
import { createLanguageSwitch } from '../src/view/language.js';
import { recall, remember } from '../src/view/preferences.js';
import { createThemeSwitch } from '../src/view/theme.js';
import { ask, Refusal } from './server.js';
import { fillWords, words } from './texts/words.js';

await speak(chooseLanguage(recall('language'), navigator.languages));
await learnLabels();
createThemeSwitch({ recall, remember });

/** @type {{folder: string, refused?: readonly {name: string, reason: string}[]} | null} */
let told = null;
/** @type {{refresh: () => void} | null} */
let work = null;

/** @param {string} text */
function tell(text) {
  byId('failure', HTMLElement).textContent = '';
  byId('status', HTMLElement).textContent = text;
}

/** @param {unknown} error */
function fail(error) {
  byId('status', HTMLElement).textContent = '';
  byId('failure', HTMLElement).textContent = (error instanceof Refusal && error.message) || words.ended;
  if (!(error instanceof Refusal)) throw error;
}

function refresh() {
  fillWords(document, told?.folder ?? '');
  const refused = told?.refused ?? [];
  byId('left-out', HTMLElement).hidden = refused.length === 0;
  byId('left-out-title', HTMLElement).textContent = words.leftOut(refused.length);
  byId('left-out-list', HTMLElement).replaceChildren(...refused.map(({ name, reason }) => element('li', '', `${name}: ${reason}`)));
  work?.refresh();
}

createLanguageSwitch(async (language) => {
  await speak(language);
  await learnLabels();
  remember('language', language);
  refresh();
});
refresh();
try {
  const json = await ask('state.json');
  told = json;
  refresh();
  const open = json.mode === 'boxes'
    ? (await import('./boxes/boxes.js')).openBoxes
    : (await import('./labels/labels.js')).openLabels;
  work = open(json, { tell, fail });
} catch (error) {
  fail(error);
}
