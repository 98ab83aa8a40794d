/**
 * What happens when: from files to results. Knows the parts only by what they can do.
 *
 * Each file is a job; jobs run one after another, so as not to flood the server. What comes back for a run that was given
 * up is dropped.
 */

import { failureOf } from './failure.js';
import { createJob } from './job.js';

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('./job.js').Source} Source */
/** @typedef {import('./failure.js').Failure} Failure */
/** @typedef {import('../engines/contract.js').Stage} Stage */
/** @typedef {import('../engines/contract.js').Answer} Answer */
/** @typedef {import('../media/types.js').PreparedImage} PreparedImage */

/**
 * @typedef {{
 *   showEmpty: () => void,
 *   showWaiting: () => void,
 *   showOpening: () => void,
 *   showPicture: (image: PreparedImage) => void,
 *   showUploaded: (fraction: number, bytes: number) => void,
 *   loadResult: (answer: Answer) => Promise<void>,
 *   showFailure: (failure: Failure) => void,
 *   showJobs: (jobs: readonly Job[], selected: Job | null) => void,
 * }} Page loadResult makes the picture ready without showing it, and rejects when it is none
 *
 * @typedef {{
 *   prepare: (file: File, signal: AbortSignal) => Promise<PreparedImage>,
 *   ask: (image: PreparedImage, options: {signal: AbortSignal, onStage: (stage: Stage) => void}) => Promise<Answer>,
 *   page: Page,
 *   viewer: {open: (job: Job) => void, close: () => void},
 *   watchQueue: (signal: AbortSignal) => void,
 *   checkStatus: () => void,
 *   isOnline: () => boolean,
 *   now?: () => number,
 * }} Parts ask gets the answer; viewer shows a result; watchQueue tells how far a job has come that the server has, until the signal
 */

/**
 * @param {Parts} parts
 */
export function createController({ prepare, ask, page, viewer, watchQueue, checkStatus, isOnline, now = Date.now }) {
  /** @type {Job[]} */
  let jobs = [];
  /** @type {Job | null} */
  let selected = null;
  /** @type {Job | null} */
  let running = null;

  /** Work on what waits, one job after another. */
  async function pump() {
    const job = jobs.find(({ state }) => state === 'waiting');
    if (running || !job) return;
    try {
      await run(job);
    } finally {
      await pump();
    }
  }

  /** @param {Job} job */
  async function run(job) {
    const abort = new AbortController();
    const { signal } = abort;
    const queue = new AbortController();
    job.abort = abort;
    running = job;
    const isDropped = () => job.abort !== abort || signal.aborted;
    try {
      const image = await imageOf(job, signal);
      if (isDropped()) return;
      job.prepared = image;
      job.stage = 'sending';
      job.fraction = 0;
      show(job);
      const began = now();
      let isSent = false;
      let isWorking = false;
      const answer = await ask(image, {
        signal,
        onStage: (stage) => {
          if (isDropped()) return;
          isSent ||= stage.name === 'sending';
          if (stage.name === 'working' && isSent && !isWorking) {
            isWorking = true;
            job.timings = { ...job.timings, upload: now() - began };
            if (job === selected) watchQueue(queue.signal);
          }
          showUploaded(job, stage.name === 'sending' ? stage.fraction : 1);
        },
      });
      await page.loadResult(answer);
      if (isDropped()) return;
      job.answer = answer;
      settle(job, 'result');
    } catch (error) {
      if (!isDropped()) fail(job, error);
    } finally {
      queue.abort();
      if (running === job && !isDropped()) running = null;
    }
  }

  /**
   * A retry sends what is prepared already.
   *
   * @param {Job} job
   * @param {AbortSignal} signal
   */
  async function imageOf(job, signal) {
    job.state = 'working';
    if (job.prepared) return job.prepared;
    job.stage = 'opening';
    show(job);
    const file = await job.source(signal);
    job.name = file.name;
    job.file = file;
    const began = now();
    const image = await prepare(file, signal);
    job.timings = { prepare: now() - began };
    return image;
  }

  /** @param {Job} job @param {number} fraction */
  function showUploaded(job, fraction) {
    job.fraction = fraction;
    if (job === selected) page.showUploaded(fraction, job.prepared?.file.size ?? 0);
    showJobs();
  }

  /** @param {Job} job @param {unknown} error */
  function fail(job, error) {
    const failure = failureOf(error, isOnline());
    job.failure = failure;
    settle(job, 'error');
    checkStatus();
    if (failure.kind === 'unexpected') throw error; // a mistake of the page's own belongs in the console
  }

  /** @param {Job} job @param {'result' | 'error'} state */
  function settle(job, state) {
    job.state = state;
    if (running === job) running = null;
    show(job);
  }

  /**
   * Show a job if it is the one looked at.
   *
   * @param {Job} job
   */
  function show(job) {
    if (job === selected) showSelected(job);
    showJobs();
  }

  /** @param {Job} job */
  function showSelected(job) {
    if (job.state === 'result') return viewer.open(job);
    viewer.close();
    if (job.state === 'waiting') return page.showWaiting();
    if (job.state === 'error' && job.failure) return page.showFailure(job.failure);
    if (job.stage === 'opening' || !job.prepared) return page.showOpening();
    return page.showPicture(job.prepared);
  }

  function showJobs() {
    page.showJobs(jobs, selected);
  }

  /** @param {Job} job */
  function giveUp(job) {
    job.abort.abort();
    if (running === job) running = null;
  }

  const controller = {
    jobs: () => jobs,

    /**
     * Work on pictures: in place of a single one, beside several.
     *
     * @param {Source[]} sources
     */
    start(...sources) {
      if (jobs.length === 1) controller.forget();
      const added = sources.map(createJob);
      jobs = [...jobs, ...added];
      if (added[0]) controller.select(added[0]);
      return pump();
    },

    /**
     * Work on the same picture again.
     *
     * @param {Job | null} [job]
     */
    retry(job = selected) {
      if (job?.state !== 'error') return pump();
      job.state = 'waiting';
      job.failure = null;
      if (running) show(job);
      return pump();
    },

    /**
     * Give up a picture that is being worked on. A single one leaves nothing behind.
     *
     * @param {Job | null} [job]
     */
    cancel(job = selected) {
      if (jobs.length < 2 || !job) return controller.reset();
      giveUp(job);
      job.failure = failureOf({ kind: 'cancelled' }, true);
      settle(job, 'error');
      return pump();
    },

    /** @param {Job} job */
    select(job) {
      selected = job;
      // The picture first: a failure is laid over it.
      if (job.state === 'error' && job.prepared) page.showPicture(job.prepared);
      show(job);
      if (job.state === 'working' && job.fraction > 0) showUploaded(job, job.fraction);
    },

    /** Ask about the picture that is looked at once more, because another model is chosen. What the visitor corrected stays. */
    askAgain() {
      if (selected?.state !== 'result' || selected.edits) return undefined;
      selected.state = 'waiting';
      if (running) show(selected);
      return pump();
    },

    /** Look at the photograph before or after, as far as there is one. @param {number} by */
    step(by) {
      const next = selected && jobs[jobs.indexOf(selected) + by];
      if (next) controller.select(next);
    },

    /** Show what is shown anew, in another language. */
    refresh() {
      if (selected) controller.select(selected);
      else page.showEmpty();
    },

    forget() {
      jobs.forEach(giveUp);
      jobs = [];
      selected = null;
    },

    /** Give up all pictures. */
    reset() {
      controller.forget();
      viewer.close();
      page.showEmpty();
      showJobs();
    },
  };
  return controller;
}
