/**
 * The service worker: the page opens and computes without a network. It answers for the page's own files and for nothing else:
 * what the API is asked goes past it.
 *
 * `version.json` (site/build/offline.js) says of which files a version consists. Each version has a cache of its own, and is
 * opened only if all its files are there; they have hashes of their content in their names, so that a page never gets another
 * version's. Large files (models, what computes them, photographs) are kept when they come by, whichever version asks.
 *
 * Source: https://w3c.github.io/ServiceWorker/.
 */

/**
 * @typedef {Readonly<{version: string, page: string, ahead: readonly string[], later: readonly string[]}>} Version page: the
 *   integrity of index.html. ahead: the files that every visit may need. later: the large ones
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PAGE = worker.registration.scope;
const LIST = `${PAGE}version.json`;
const CACHES = `pagesight-${new URL(PAGE).pathname}@`; // other pages of this origin have theirs; forget.js knows this name
const LARGE = `${CACHES}large`;
const PATIENCE_MS = 2_000; // how long a visitor waits for a new version, who can have the old one at once
const HURRY = 6; // files at once, as many as browsers ask one host for

worker.addEventListener('install', (event) => event.waitUntil(Promise.all([install(), passBy(event)])));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method !== 'GET' || !url.startsWith(PAGE)) return;
  const path = new URL(url).pathname.slice(new URL(PAGE).pathname.length);
  if (mode === 'navigate') {
    if (path === '' || path === 'index.html') event.respondWith(openPage(event));
  } else if (path.startsWith('assets/')) event.respondWith(giveFile(event));
  else if (path.startsWith('device/')) event.respondWith(path.endsWith('.json') ? giveNewest(event) : giveFile(event));
});

worker.addEventListener('message', (event) => {
  if (event.data === 'keep-all') event.waitUntil(keepAll());
});

async function install() {
  const version = await askVersion();
  if (!version) throw new Error('There is no version.json.');
  await complete(version, 1); // nobody waits for it, and who shares an address shares what a server gives to it
  await worker.skipWaiting(); // it opens whichever version is there, and gives open pages the files of theirs
}

/**
 * Let everything else go to the network without waking this up, in browsers that can.
 *
 * @param {ExtendableEvent & {addRoutes?: (rule: object) => Promise<void>}} event
 */
async function passBy(event) {
  const ours = [{ requestMode: 'navigate' }, { urlPattern: `${PAGE}assets/*` }, { urlPattern: `${PAGE}device/*` }];
  await event.addRoutes?.({ condition: { not: { or: ours } }, source: 'network' }).catch(() => {});
}

/**
 * Open the newest version: the one that the site has, if it is here soon, else the one that was here.
 *
 * @param {FetchEvent} event
 */
async function openPage(event) {
  const newest = update();
  event.waitUntil(newest.catch(() => {})); // if it is not here soon, it will be with the next visit
  const version = await soon(newest).catch(() => undefined); // no network, or a slow one
  if (version === null) return leave(event.request);
  if (version) event.waitUntil(tidy(version, event.resultingClientId));
  const page = (await pageOf(version)) ?? (await lastComplete())?.page;
  return page ?? fetch(event.request);
}

/** @returns {Promise<Version | null>} the version that the site has, complete; null if the page is not there any more */
async function update() {
  const version = await askVersion();
  if (version) await complete(version, HURRY);
  return version;
}

/** @returns {Promise<Version | null>} */
async function askVersion() {
  const response = await fetch(LIST, { cache: 'no-cache', redirect: 'error' });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${LIST}: ${response.status}`);
  return response.json();
}

/**
 * Bring all files of a version here. What breaks off goes on with the next visit. The page itself comes last: it stands for all
 * of them.
 *
 * @param {Version} version
 * @param {number} atOnce
 */
async function complete(version, atOnce) {
  const cache = await caches.open(CACHES + version.version);
  if (await cache.match(PAGE)) return;
  const left = version.ahead.map((path) => PAGE + path);
  const bring = async () => {
    for (let url = left.pop(); url; url = left.pop()) {
      if (!(await cache.match(url))) await cache.put(url, (await caches.match(url)) ?? (await load(url)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, bring));
  await cache.put(LIST, new Response(JSON.stringify(version)));
  await cache.put(PAGE, await load(PAGE, { cache: 'no-cache', integrity: version.page }));
}

/** The page of a version that is complete. @param {Version | undefined} version */
async function pageOf(version) {
  return version && (await caches.open(CACHES + version.version)).match(PAGE);
}

async function lastComplete() {
  for (const name of (await ourCaches()).reverse()) {
    const cache = await caches.open(name);
    const page = await cache.match(PAGE);
    if (page) return { cache, page };
  }
  return undefined;
}

/** @returns {Promise<string[]>} the names of the versions' caches, the oldest first */
async function ourCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== LARGE);
}

/** A file whose name has a hash of its content. @param {FetchEvent} event */
async function giveFile(event) {
  const { request } = event;
  const kept = await caches.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  event.waitUntil(keep(request.url, response.clone()).catch(() => {})); // there may be no room
  return response;
}

/** A file that may change: the site's own, or without a network the last one. @param {FetchEvent} event */
async function giveNewest(event) {
  const { request } = event;
  const asked = fetch(request);
  event.waitUntil(asked.then((response) => keep(request.url, response.clone())).catch(() => {}));
  const kept = await caches.match(request.url);
  if (!kept) return asked;
  return soon(asked).then((response) => (response.ok ? response : kept), () => kept);
}

/**
 * Keep what came by. After all was forgotten, nothing is kept.
 *
 * @param {string} url
 * @param {Response} response
 */
async function keep(url, response) {
  if (isFile(response) && (await lastComplete())) await (await caches.open(LARGE)).put(url, response);
}

/** Keep the large files too: who computes here needs no network from then on. */
async function keepAll() {
  const list = await (await lastComplete())?.cache.match(LIST);
  const { later } = /** @type {Version} */ (list ? await list.json() : { later: [] });
  for (const path of later) {
    const url = PAGE + path;
    if (await caches.match(url)) continue;
    // What the page has just loaded need not come through the network again. One that does not come keeps no other away.
    await load(url, { cache: 'force-cache' }).then((response) => keep(url, response)).catch(() => {});
  }
}

/**
 * Remove what no page needs any more, if no other one is open.
 *
 * @param {Version} version
 * @param {string} ownId of the page that is opened
 */
async function tidy({ version, ahead, later }, ownId) {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (windows.some(({ id, url }) => id !== ownId && url.startsWith(PAGE))) return;
  const old = (await ourCaches()).filter((name) => name !== CACHES + version);
  await Promise.all(old.map((name) => caches.delete(name)));
  if (!(await caches.has(LARGE))) return;
  const large = await caches.open(LARGE);
  const files = new Set([...ahead, ...later].map((path) => PAGE + path));
  const unknown = (await large.keys()).filter(({ url }) => !files.has(url));
  await Promise.all(unknown.map((request) => large.delete(request)));
}

/** The page is not at this address any more: nor is anything of it here. @param {Request} request */
async function leave(request) {
  await worker.registration.unregister();
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHES));
  await Promise.all(names.map((name) => caches.delete(name)));
  return fetch(request);
}

/**
 * @param {string} url
 * @param {RequestInit} [how]
 */
async function load(url, how) {
  const response = await fetch(url, { redirect: 'error', ...how });
  if (url !== PAGE && !isFile(response)) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** Whether it is a file, and no web page in the place of one that is missing. @param {Response} response */
function isFile({ status, headers }) {
  return status === 200 && !headers.get('Content-Type')?.startsWith('text/html');
}

/**
 * What takes longer than a visitor likes to wait is an error.
 *
 * @template T
 * @param {Promise<T>} awaited
 * @returns {Promise<T>}
 */
function soon(awaited) {
  return Promise.race([
    awaited,
    new Promise((_, reject) => setTimeout(() => reject(new Error('not soon enough')), PATIENCE_MS)),
  ]);
}
