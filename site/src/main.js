/** The wiring: the one module that knows every part. */

import { createClient, loadExample } from './api/client.js';
import { createController } from './controller.js';
import { prepareImage } from './image/prepare.js';
import { createPoller } from './status/poller.js';
import { createPage } from './view/page.js';
import { isTabVisible, onTabFocus } from './view/tab.js';

// The API's address is built in where another host serves the page; else it is where the page came from.
const client = createClient(import.meta.env.VITE_API_URL || new URL('./', window.location.href).href);

// The photographs that were there when the page was built.
/** @type {Record<string, string>} */
const photographs = import.meta.glob('../examples/*.jpg', { eager: true, query: '?url', import: 'default' });
/** @type {Record<string, string>} */
const thumbnails = import.meta.glob('../examples/*.jpg', { eager: true, query: '?thumbnail', import: 'default' });

const page = createPage({
  examples: Object.entries(photographs).map(([path, url]) => ({
    name: path.replace(/^.*\//, ''),
    url,
    thumbnail: thumbnails[path] ?? url,
  })),
  onFile: (file) => void controller.start(() => file),
  onExample: ({ url, name }) => void controller.start((signal) => loadExample(url, name, signal)),
  onCancel: () => controller.reset(),
  onReset: () => controller.reset(),
  onRetry: () => void controller.retry(),
});

const poller = createPoller({
  ask: () => client.status(),
  isWatched: isTabVisible,
  onStatus: (status) => page.showStatus(status),
});

const controller = createController({
  prepare: prepareImage,
  detect: (image, options) => client.detect(image, options),
  page,
  checkStatus: () => void poller.check(),
  isOnline: () => navigator.onLine,
});

void poller.start();
onTabFocus(() => void poller.check());
