/** Shows how far the picture has come that is looked at, and all of them in the strip. */

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('./failure.js').Failure} Failure */
/** @typedef {import('./pause.js').Pause} Pause */
/** @typedef {import('../engines/contract.js').Stage} Stage */
/** @typedef {import('../media/types.js').PreparedImage} PreparedImage */

/**
 * @typedef {{
 *   showEmpty: () => void,
 *   showWaiting: () => void,
 *   showOpening: () => void,
 *   showPicture: (image: PreparedImage) => void,
 *   showStage: (stage: Stage, bytes: number) => void,
 *   showFailure: (failure: Failure, isHeld: boolean) => void,
 *   showJobs: (jobs: readonly Job[], selected: Job | null, pause: Pause | null) => void,
 * }} Page
 *
 * @typedef {{open: (job: Job) => void, close: () => void}} Viewer of a result
 *
 * @param {{
 *   page: Page,
 *   viewer: Viewer,
 *   list: ReturnType<typeof import('./job-list.js').createJobList>,
 *   pauseNow: () => Pause | null,
 * }} parts
 */
export function createShowing({ page, viewer, list, pauseNow }) {
  /** @param {Job} job */
  function showSelected(job) {
    if (job.state === 'result') return viewer.open(job);
    viewer.close();
    if (job.state === 'waiting') return page.showWaiting();
    if (job.state !== 'working' && job.failure) return page.showFailure(job.failure, job.state === 'held');
    if (job.stage === 'opening' || !job.prepared) return page.showOpening();
    return page.showPicture(job.prepared);
  }

  const showing = {
    showJobs: () => page.showJobs(list.all(), list.selected(), pauseNow()),

    /** Show a job, the picture only if it is the one looked at. @param {Job} job */
    show(job) {
      if (job === list.selected()) showSelected(job);
      showing.showJobs();
    },

    /** @param {Job} job @param {Stage} stage */
    showStage(job, stage) {
      job.fraction = 'fraction' in stage ? stage.fraction : 1;
      if (stage.name === 'loading' || stage.name === 'proving') job.told = stage;
      else if (job.told !== stage) delete job.told; // a video says itself how far it is
      if (job === list.selected()) page.showStage(stage, job.prepared?.file.size ?? 0);
      showing.showJobs();
    },

    /** Look at a job. @param {Job} job */
    select(job) {
      list.select(job);
      // The picture first: a failure is laid over it.
      if ((job.state === 'error' || job.state === 'held') && job.prepared) page.showPicture(job.prepared);
      showing.show(job);
      if (job.state === 'working' && job.fraction > 0) showing.showStage(job, stageOf(job));
    },

    /** Show what is looked at anew, or that there is nothing. */
    refresh() {
      const selected = list.selected();
      if (selected) return showing.select(selected);
      viewer.close();
      page.showEmpty();
      return showing.showJobs();
    },
  };
  return showing;
}

/** @param {Job} job @returns {Stage} */
function stageOf({ fraction, told }) {
  return told ?? (fraction < 1 ? { name: 'sending', fraction } : { name: 'working' });
}
