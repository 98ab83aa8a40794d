/** The pictures that the visitor works with, in order, and which of them is looked at. */

import { createJob } from './job.js';

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('./job.js').Source} Source */

export function createJobList() {
  /** @type {readonly Job[]} */
  let jobs = [];
  /** @type {Job | null} */
  let selected = null;

  return {
    all: () => jobs,
    selected: () => selected,

    /** @param {Job['state'][]} states */
    in: (...states) => jobs.filter(({ state }) => states.includes(state)),

    /** @param {Job | null} job */
    select(job) {
      selected = job;
    },

    /** @param {readonly Source[]} sources */
    add(sources) {
      const added = sources.map(createJob);
      jobs = [...jobs, ...added];
      return added;
    },

    /**
     * Take pictures away; a neighbour of the one that is looked at takes its place.
     *
     * @param {readonly Job[]} gone
     * @returns {() => void} brings them back where they were; those that had no answer yet wait for it
     */
    remove(gone) {
      const [before, was] = [jobs, selected];
      const left = jobs.filter((job) => !gone.includes(job));
      const next = was ? left.find((job) => job.id > was.id) ?? left.at(-1) ?? null : null;
      jobs = left;
      if (was && gone.includes(was)) selected = next;
      return () => {
        for (const job of gone) if (job.state === 'working' || job.state === 'held') job.state = 'waiting';
        jobs = [...before, ...jobs.filter((job) => !before.includes(job))];
        selected = was;
      };
    },
  };
}
