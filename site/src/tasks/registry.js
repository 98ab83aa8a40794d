/** The tasks that the page knows, by the names that answers have for them. */

import { detection } from './detection/task.js';

/** @type {readonly import('./contract.js').AnyTask[]} */
export const tasks = [detection];
