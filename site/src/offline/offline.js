/** What the browser keeps of the page, and forgets. Loaded with the first result. */

export { forget } from './forget.js';
export { keep } from './keep.js';
