/** What is looked at, as a request of a program's own. */

/**
 * @param {{
 *   viewer: Pick<import('./viewer.js').Viewer, 'current'>,
 *   engine: () => import('../engines/contract.js').Engine,
 *   model: () => Promise<string | null>,
 * }} parts model: the name of the one that is chosen, null for the first
 * @returns {() => Promise<readonly import('../engines/contract.js').Snippet[]>}
 */
export function createSnippets({ viewer, engine, model }) {
  return async () => {
    const current = viewer.current();
    const name = await model();
    const fields = { ...(name ? { model: name } : {}), ...current?.task.fieldsOf(current.choice) };
    return (await engine().snippets?.(current?.job.name || 'photo.jpg', fields)) ?? [];
  };
}
