/** What the classes of models are called: asked for when somebody corrects or keeps something, once for each model. */

/** @typedef {import('../engines/contract.js').Answer} Answer */

/** @param {{byId: (id: string) => import('../engines/contract.js').Engine}} engines */
export function createLabels(engines) {
  /** @type {Map<string, readonly string[]>} */
  const known = new Map();

  return {
    /**
     * @param {Pick<Answer, 'engine' | 'model'>} answer
     * @returns {Promise<readonly string[]>} none where they cannot be had now
     */
    async labelsOf({ engine, model }) {
      const key = `${engine}/${model}`;
      const labels = known.get(key) ?? (await engines.byId(engine).labels?.(model).catch(() => [])) ?? [];
      if (labels.length > 0) known.set(key, labels);
      return labels;
    },
  };
}
