/** What there is to compute with. The first is used until the visitor chooses another. */

import { device } from 'virtual:device';
import { createDeviceEngine } from './device/engine.js';
import { createRemoteEngine } from './remote/engine.js';

/** @type {readonly ((page: {apiUrl: string, isKept: () => boolean}) => import('./contract.js').Engine)[]} */
export const engines = [createRemoteEngine, ...(device ? [createDeviceEngine] : [])];
