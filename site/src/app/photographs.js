/** The photograph without marks: the visitor's own, or the server's copy where this browser cannot read it, fetched once. */

/** @typedef {import('./job.js').Job} Job */

/**
 * @param {{
 *   byId: (id: string) => import('../engines/contract.js').Engine,
 *   onFetch: (abort: () => void) => (isThere: boolean) => void,
 * }} parts byId: the engine of an answer; onFetch: tells that it is fetched, and then whether it came
 */
export function createPhotographs({ byId, onFetch }) {
  /** Those that are fetched, or could not be. @type {WeakMap<Job, Promise<string>>} */
  const fetched = new WeakMap();

  /** Where only the server can read it. @param {Job} job */
  function fetcherOf({ prepared, answer }) {
    return prepared?.upright || !answer ? undefined : byId(answer.engine).plainPicture;
  }

  /** @param {Job} job @param {NonNullable<ReturnType<typeof fetcherOf>>} plainPicture */
  async function fetchPlain(job, plainPicture) {
    const abort = new AbortController();
    const end = onFetch(() => abort.abort());
    try {
      job.plain = await plainPicture(/** @type {NonNullable<Job['prepared']>} */ (job.prepared), abort.signal);
      end(true);
      return job.plain;
    } catch (cause) {
      end(false);
      throw Object.assign(new Error('There is no photograph without marks.', { cause }), { kind: 'told' });
    }
  }

  const photographs = {
    /** Whether it can be had without asking the server once more. @param {Job} job */
    isAtHand: (job) => job.plain !== null || !fetcherOf(job),

    /**
     * What was cancelled or has failed is not asked for by itself again.
     *
     * @param {Job} job
     * @returns {Promise<Blob | string>}
     */
    async of(job) {
      if (job.player) return job.player.still();
      if (!job.prepared) throw new Error('There is no photograph.');
      const fetcher = fetcherOf(job);
      if (!fetcher) return job.prepared.file;
      const coming = fetched.get(job) ?? fetchPlain(job, fetcher);
      fetched.set(job, coming);
      return coming;
    },

    /** The same for somebody who asks for it. @param {Job} job */
    async again(job) {
      const before = fetched.get(job);
      return photographs.of(job).catch((error) => {
        if (!before) throw error;
        if (fetched.get(job) === before) fetched.delete(job);
        return photographs.of(job);
      });
    },
  };
  return photographs;
}
