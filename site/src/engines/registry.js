/** What there is to compute with. The first is used until the visitor chooses another. */

import { createRemoteEngine } from './remote/engine.js';

/** @type {readonly ((page: {apiUrl: string}) => import('./contract.js').Engine)[]} */
export const engines = [createRemoteEngine];
