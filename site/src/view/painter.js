/** What paints marks over the picture. Loaded with the first result. */

export { layLabels } from '../marks/labels.js';
export { markStyle } from '../marks/style.js';
export { createMark } from './mark.js';
