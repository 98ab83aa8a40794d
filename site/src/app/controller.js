/**
 * What happens when: from files to results. Knows the parts only by what they can do.
 *
 * Each file is a job; jobs run one after another, so as not to flood the server. What comes back for a run that was given
 * up is dropped. What the server turns away waits (pause.js), and all after it.
 */

import { failureOf } from './failure.js';
import { createJobList } from './job-list.js';
import { createPause } from './pause.js';
import { createRun } from './run.js';
import { createShowing } from './showing.js';

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('./job.js').Source} Source */
/** @typedef {Parameters<typeof createRun>[0]} RunParts */

/**
 * @param {{
 *   prepare: RunParts['prepare'],
 *   ask: RunParts['ask'],
 *   page: import('./showing.js').Page & {loadResult: RunParts['loadResult']},
 *   viewer: import('./showing.js').Viewer & {isEdited: (job: Job) => boolean},
 *   watchQueue: (signal: AbortSignal) => void,
 *   checkStatus: () => void,
 *   isOnline: () => boolean,
 *   now?: () => number,
 * }} parts watchQueue tells how far a job has come that the server has, until the signal
 */
export function createController({ prepare, ask, page, viewer, watchQueue, checkStatus, isOnline, now = Date.now }) {
  const list = createJobList();
  /** @type {Job | null} */
  let running = null;
  const work = createRun({ prepare, ask, loadResult: page.loadResult, now });
  const pause = createPause({ onChange: () => showing.showJobs(), onEnd: goOn, now });
  const showing = createShowing({ page, viewer, list, pauseNow: pause.current });

  /** Work on what waits, one job after another. */
  async function pump() {
    const [job] = list.in('waiting');
    if (running || pause.isOn() || !job) return;
    try {
      await run(job);
    } finally {
      await pump();
    }
  }

  /** What was turned away is the first to be sent. */
  function goOn() {
    list.in('held').forEach(putBack);
    return pump();
  }

  /** @param {Job} job */
  async function run(job) {
    const abort = new AbortController();
    const queue = new AbortController();
    job.abort = abort;
    job.tries += 1;
    running = job;
    try {
      const answer = await work(job, abort.signal, {
        onShow: () => showing.show(job),
        onStage: (stage) => showing.showStage(job, stage),
        onSent: () => job === list.selected() && watchQueue(queue.signal),
        onApart() {
          if (running === job) running = null;
          void pump();
        },
      });
      if (!answer) return;
      job.answer = answer;
      job.tries = 0;
      pause.reset();
      settle(job, 'result');
    } catch (error) {
      if (!abort.signal.aborted) fail(job, error);
    } finally {
      queue.abort();
      if (running === job && !abort.signal.aborted) running = null;
    }
  }

  /** @param {Job} job @param {unknown} error */
  function fail(job, error) {
    const failure = failureOf(error, isOnline());
    job.failure = failure;
    settle(job, pause.begin(failure, job.tries) ? 'held' : 'error');
    checkStatus();
    if (failure.kind === 'unexpected') throw error; // a mistake of the page's own belongs in the console
  }

  /** @param {Job} job @param {'result' | 'error' | 'held'} state */
  function settle(job, state) {
    job.state = state;
    if (running === job) running = null;
    showing.show(job);
  }

  /** @param {Job} job */
  function putBack(job) {
    job.state = 'waiting';
    job.failure = null;
    if (running) showing.show(job);
  }

  /** @param {Job} job */
  function giveUp(job) {
    job.abort.abort();
    if (running === job) running = null;
  }

  /** @param {readonly Job[]} gone */
  function take(gone) {
    gone.forEach(giveUp);
    return list.remove(gone);
  }

  /** Nothing waits for a picture that is not there any more. */
  function pumpOn() {
    if (list.in('held').length === 0) pause.drop();
    return pump();
  }

  const controller = {
    jobs: list.all,
    lightIs: pause.lightIs,
    select: showing.select,
    refresh: showing.refresh,

    /** Whether anything waits for the server. */
    isWaiting: pause.isOn,

    /**
     * Work on pictures: in place of a single one that nothing was done to, beside several.
     *
     * @param {Source[]} sources
     */
    start(...sources) {
      const [only, ...others] = list.all();
      if (only && others.length === 0 && only.state !== 'held' && !(only.source.work && only.state !== 'error') && !viewer.isEdited(only)) take([only]);
      return controller.add(...sources);
    },

    /** Work on more pictures. @param {Source[]} sources */
    add(...sources) {
      const [first] = list.add(sources);
      if (first) showing.select(first);
      return pump();
    },

    /**
     * Work on pictures again, now.
     *
     * @param {readonly Job[]} again
     */
    retry(...again) {
      for (const job of again.filter(({ state }) => state === 'error' || state === 'held')) {
        job.tries = 0;
        putBack(job);
      }
      pause.drop();
      return goOn();
    },

    /** Work again on all that failed. */
    retryAll: () => controller.retry(...list.in('error', 'held')),

    /** Work again on the one that is looked at. */
    retrySelected() {
      const selected = list.selected();
      return controller.retry(...(selected ? [selected] : []));
    },

    /**
     * Give up a picture that is being worked on. A single one leaves nothing behind.
     *
     * @param {Job | null} [job]
     */
    cancel(job = list.selected()) {
      if (list.all().length < 2 || !job) return void controller.remove(...list.all());
      giveUp(job);
      job.failure = failureOf({ kind: 'cancelled' }, true);
      settle(job, 'error');
      return pumpOn();
    },

    /** Ask about the picture that is looked at once more, because another model is chosen. What the visitor corrected stays. */
    askAgain() {
      const selected = list.selected();
      if (selected?.state !== 'result' || selected.edits) return undefined;
      selected.state = 'waiting';
      if (running) showing.show(selected);
      return pump();
    },

    /** Look at the photograph before or after, as far as there is one. @param {number} by */
    step(by) {
      const selected = list.selected();
      const next = selected && list.all()[list.all().indexOf(selected) + by];
      if (next) controller.select(next);
    },

    /**
     * Take pictures away.
     *
     * @param {readonly Job[]} gone
     * @returns {() => void} brings them back
     */
    remove(...gone) {
      const seen = list.selected();
      const restore = take(gone);
      if (list.selected() !== seen || !seen) showing.refresh();
      else showing.showJobs();
      void pumpOn();
      return () => {
        restore();
        showing.refresh();
        void pump();
      };
    },
  };
  return controller;
}
