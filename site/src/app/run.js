/** One photograph's way to its answer: opened, prepared, sent, answered. */

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('../engines/contract.js').Answer} Answer */
/** @typedef {import('../engines/contract.js').Stage} Stage */
/** @typedef {import('../media/types.js').PreparedImage} PreparedImage */

/**
 * @typedef {{onShow: () => void, onStage: (stage: Stage) => void, onSent: () => void, onApart: () => void}} On onShow: it has
 *   come a step further; onSent: the server has it all; onApart: it will take long, and others need not wait for it
 *
 * @param {{
 *   prepare: (file: File, signal: AbortSignal) => Promise<PreparedImage>,
 *   ask: (image: PreparedImage, options: {signal: AbortSignal, onStage: (stage: Stage) => void}) => Promise<Answer>,
 *   loadResult: (answer: Answer) => Promise<void>,
 *   now: () => number,
 * }} parts ask gets the answer; loadResult makes its picture ready, and rejects when it is none
 */
export function createRun({ prepare, ask, loadResult, now }) {
  /**
   * A photograph that is tried again is sent as it was prepared.
   *
   * @param {Job} job
   * @param {AbortSignal} signal
   * @param {() => void} onOpening
   */
  async function imageOf(job, signal, onOpening) {
    job.state = 'working';
    if (job.prepared) return job.prepared;
    job.stage = 'opening';
    onOpening();
    const file = await job.source(signal);
    job.name = file.name;
    job.file = file;
    const began = now();
    const image = await prepare(file, signal);
    job.timings = { prepare: now() - began };
    return image;
  }

  /**
   * Work on a job.
   *
   * @param {Job} job
   * @param {AbortSignal} signal that gives it up
   * @param {On} on
   * @returns {Promise<Answer | null>} null when it was given up
   */
  return async function run(job, signal, on) {
    const { onShow, onStage, onSent } = on;
    if (job.source.work) return job.source.work(job, signal, on);
    const image = await imageOf(job, signal, onShow);
    if (signal.aborted) return null;
    job.prepared = image;
    job.stage = 'sending';
    job.fraction = 0;
    onShow();
    const began = now();
    let isSent = false;
    let isWorking = false;
    let received = 0;
    const answer = await ask(image, {
      signal,
      onStage(stage) {
        if (signal.aborted) return;
        isSent ||= stage.name === 'sending';
        if (stage.name === 'working' && isSent && !isWorking) {
          isWorking = true;
          job.timings = { ...job.timings, upload: now() - began };
          onSent();
        }
        if (stage.name === 'receiving') received ||= now();
        onStage(stage);
      },
    });
    if (received) job.timings = { ...job.timings, receive: now() - received };
    await loadResult(answer);
    return signal.aborted ? null : answer;
  };
}
