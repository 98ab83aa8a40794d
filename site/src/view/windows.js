/** The windows over the page that a visitor may open at its foot. Loaded with the first one. */

export { openHelp } from './help.js';
export { openStored } from './stored.js';
export { openSnippets } from './use-api.js';
