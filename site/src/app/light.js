/** What follows when it is told how the server is. */

/** @typedef {import('../engines/remote/types.js').ServerStatus} ServerStatus */

/**
 * @param {{
 *   page: {showStatus: (status: ServerStatus) => void, showKinds: (labels: readonly string[]) => void},
 *   choices: Pick<ReturnType<typeof import('./choices.js').createChoices>, 'tell' | 'page'>,
 *   viewer: {refresh: () => void},
 *   controller: {lightIs: (light: import('../engines/remote/types.js').Light) => void},
 *   loadModels: () => void,
 *   loadVideos: (jobs: unknown) => Promise<void>,
 *   labelsOf: (model: string) => Promise<readonly string[]>,
 *   onOut: () => void,
 * }} parts
 */
export function createLight({ page, choices, viewer, controller, loadModels, loadVideos, labelsOf, onOut }) {
  /** @type {Promise<ReturnType<typeof import('./kinds.js').createKinds>> | undefined} once the server is there */
  let kinds;
  const loadKinds = async () => (await import('./kinds.js')).createKinds({ labelsOf, show: page.showKinds });

  /** @type {ServerStatus | null} */
  let last = null;

  return {
    last: () => last,

    /** Whether the server could not look at a photograph at once. */
    isAway: () => last?.light === 'offline' || last?.light === 'busy' || (last?.queue?.waiting ?? 0) > 0,

    /** @param {ServerStatus} status */
    is(status) {
      last = status;
      if (status.light === 'offline') onOut();
      page.showStatus(status);
      if (status.defaults && choices.tell(status.defaults)) viewer.refresh();
      if (status.light !== 'connecting') controller.lightIs(status.light);
      if (status.light !== 'online') return;
      loadModels();
      if (status.jobs || choices.page().job) loadVideos(status.jobs).catch(() => {}); // asked for again with the next light
      kinds ??= loadKinds();
      kinds.then((it) => it.of(status.model)).catch(() => {}); // then it is not told
    },

    /** Say the same in another language. */
    refresh() {
      kinds?.then((it) => it.refresh()).catch(() => {});
      if (last?.light === 'offline') onOut();
    },
  };
}
