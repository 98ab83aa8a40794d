/** What follows when it is told how the server is. */

/** @typedef {import('../engines/remote/types.js').ServerStatus} ServerStatus */

/**
 * @param {{
 *   page: {showStatus: (status: ServerStatus) => void, showKinds: (labels: readonly string[]) => void},
 *   choices: Pick<ReturnType<typeof import('./choices.js').createChoices>, 'tell'>,
 *   viewer: {refresh: () => void},
 *   controller: {lightIs: (light: import('../engines/remote/types.js').Light) => void},
 *   loadModels: (jobs: unknown) => void,
 *   labelsOf: (model: string) => Promise<readonly string[]>,
 * }} parts
 */
export function createLight({ page, choices, viewer, controller, loadModels, labelsOf }) {
  /** @type {Promise<ReturnType<typeof import('./kinds.js').createKinds>> | undefined} once the server is there */
  let kinds;
  const loadKinds = async () => (await import('./kinds.js')).createKinds({ labelsOf, show: page.showKinds });

  return {
    /** @param {ServerStatus} status */
    is(status) {
      page.showStatus(status);
      if (status.defaults && choices.tell(status.defaults)) viewer.refresh();
      if (status.light !== 'connecting') controller.lightIs(status.light);
      if (status.light !== 'online') return;
      loadModels(status.jobs);
      kinds ??= loadKinds();
      kinds.then((it) => it.of(status.model)).catch(() => {}); // then it is not told
    },

    /** Say the same in another language. */
    refresh: () => void kinds?.then((it) => it.refresh()).catch(() => {}),
  };
}
