/** What else can be known of the photograph that is looked at: of the same model, or of others that do the same. */

/**
 * @param {{
 *   engines: {byId: (id: string) => import('../engines/contract.js').Engine},
 *   viewer: Pick<import('./viewer.js').Viewer, 'current' | 'learn'>,
 *   models: Pick<ReturnType<typeof import('./models.js').createModels>, 'card' | 'like'>,
 * }} parts
 * @returns {import('../tasks/contract.js').Further<any>} of what is looked at now
 */
export function createFurther({ engines, viewer, models }) {
  const current = viewer.current();
  const name = current?.answer.model ?? '';

  return {
    card: () => models.card(name),

    async others() {
      await models.card(name); // which has them listed
      return models.like(name);
    },

    async ask({ model = name, fields, signal }) {
      const picture = current?.job.prepared;
      if (!current || !picture) throw new Error('There is no photograph.');
      const asked = { task: null, model, fields: { annotate: 'false', ...fields } };
      const engine = engines.byId(current.answer.engine);
      const { json, width, height } = await engine.run(picture, { ...asked, signal, onStage: () => {} });
      return current.task.parse(json, { width, height });
    },

    learn: viewer.learn,
  };
}
