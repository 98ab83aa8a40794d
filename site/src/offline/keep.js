/** Lets the browser keep the page, so that it opens without a network. Loaded when there is a first result. */

let isKept = false;
let isDeviceKept = false;

/**
 * Keep the page; after a result of this device also what computed it.
 *
 * @param {string} [place] 'server' or 'device'
 */
export async function keep(place) {
  const { serviceWorker } = navigator; // only pages of https have one
  if (!serviceWorker || import.meta.env.DEV) return;
  if (!isKept) {
    isKept = true;
    await idle();
    await serviceWorker.register(new URL('./sw.js', document.baseURI)).catch(() => {}); // then it needs the network, as ever
  }
  if (place !== 'device' || isDeviceKept) return;
  isDeviceKept = true;
  (await serviceWorker.ready).active?.postMessage('keep-all');
}

/** Wait until there is nothing else to do. */
function idle() {
  return new Promise((then) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => then(undefined));
    else setTimeout(then, 0); // Safari
  });
}
