/**
 * A video's way to its answer: opened, sent, followed, fetched. It takes minutes, and outlives the page: by its id in
 * the address
 * it is found again. Given up here, it is given up and forgotten at the server.
 */

import { texts } from '../../texts/texts.js';
import { speakVideo, words } from '../../texts/video/words.js';

/** @typedef {import('../job.js').Job} Job */
/** @typedef {import('../job.js').Source} Source */
/** @typedef {import('../run.js').On} On */
/** @typedef {import('../../engines/remote/jobs.js').Jobs} Jobs */
/** @typedef {import('../../engines/remote/jobs.js').RemoteJob} RemoteJob */
/** @typedef {import('../../engines/remote/jobs.js').Told} Told */
/** @typedef {import('../../view/player/opened.js').Opened} Opened */

const LEAST = 0.001; // of a job that is at work
const PREVIEW_EVERY_MS = 1000;
const FRAMES_FOR_A_GUESS = 5; // before that nobody knows how long the rest will take

/** @typedef {Readonly<{text: string, fraction: number | null, note: string, picture: string}>} ToldText fraction: null if nobody knows; picture: the newest frame, '' before there is one */

/** By the kind of the API's problem: the text that explains it of a video. @type {Readonly<Record<string, string>>} */
const KINDS = Object.freeze({
  'too-large': 'video-too-large',
  'not-an-image': 'video-refused',
  'refused-image': 'video-refused',
  refused: 'video-refused',
});

/**
 * @param {{
 *   jobs: Jobs,
 *   told: () => Told | null,
 *   fieldsOf: (size: import('../../media/types.js').Size | null) => Promise<Readonly<Record<string, string>>>,
 *   open: (file: File) => Promise<Opened | null>,
 *   read: (found: {job: Job, remote: RemoteJob, json: Record<string, unknown>, opened: Opened | null}) =>
 *     Promise<NonNullable<Job['answer']>>,
 *   named: () => string,
 *   name: (id: string) => void,
 *   announce: (text: string) => void,
 *   show: (told: ToldText) => void,
 *   now?: () => number,
 * }} parts open: gives null if this browser cannot play it. read: what was found, and the player. named and name: the
 *   id in the
 *   address. show: how far it is
 */
export function createVideoWork({ jobs, told, fieldsOf, open, read, named, name, announce, show, now = Date.now }) {
  /**
   * @param {{id: string, file: File | null}} known an id, or a file
   * @returns {NonNullable<Source['work']>}
   */
  return function workOn({ id, file }) {
    let isOver = false;
    let isOpened = false;
    /** @type {Opened | null} */
    let opened = null;
    return work;

    /** @type {NonNullable<Source['work']>} */
    async function work(job, signal, on) {
      if (isOver && file) id = ''; // another model is asked
      isOver = false;
      job.state = 'working';
      job.stage = job.prepared ? 'sending' : 'opening';
      signal.addEventListener('abort', giveUp);
      try {
        await speakVideo();
        on.onShow();
        const teller = createTeller({ id: () => id, jobs, job, on, signal, announce, show, note: noteOf(told()), now });
        teller.tell(words.opening, null);
        if (file && !isOpened) await openFile(job, file, on);
        if (!id) await send(file, signal, teller);
        name(id);
        on.onApart();
        const remote = await jobs.follow(id, { signal, onChange: teller.hear });
        job.name ||= remote.name;
        refuseUnlessDone(remote);
        teller.tell(words.fetching, null);
        return await finish(job, remote, signal);
      } catch (error) {
        throw signal.aborted ? error : asOfVideo(error);
      }
    }

    /** @param {Job} job @param {File} its @param {On} on */
    async function openFile(job, its, on) {
      job.file = its;
      job.name = its.name;
      const most = told()?.megabytes ?? Infinity;
      if (its.size > most * 1e6) throw problem('video-too-large', words.most(most));
      if (its.size === 0) throw problem('empty');
      opened = await open(its);
      isOpened = true;
      if (opened) job.prepared = { file: opened.poster, size: opened.size, upright: true };
      job.stage = 'sending';
      on.onShow();
    }

    /** @param {File | null} its @param {AbortSignal} signal @param {ReturnType<typeof createTeller>} teller */
    async function send(its, signal, { tell }) {
      if (!its) throw problem('video-gone');
      const fields = await fieldsOf(opened?.size ?? null);
      const begun = await jobs.begin(its, fields, {
        signal,
        onStage(stage) {
          const fraction = stage.name === 'sending' ? stage.fraction : 1;
          if (stage.name === 'proving') tell(stage.words, null);
          else tell(words.sending(texts.bytes(fraction * its.size, its.size)), fraction);
        },
      });
      ({ id } = begun);
    }

    /** @param {Job} job @param {RemoteJob} remote @param {AbortSignal} signal */
    async function finish(job, remote, signal) {
      const json = await jobs.result(id, signal);
      if (!job.prepared && remote.hasPreview) {
        const picture = await jobs.file(id, 'preview.jpg', signal);
        job.prepared = { file: new File([picture], remote.name, { type: 'image/jpeg' }), size: null, upright: true };
      }
      const answer = await read({ job, remote, json, opened });
      isOver = true;
      return signal.aborted ? null : answer;
    }

    /** The picture is taken away, or its work is given up. */
    function giveUp() {
      if (id && named() === id) name('');
      if (id && !isOver) void jobs.forget(id).catch(() => {}); // then it goes when its time is over
      if (!isOver && file) id = '';
    }

    /** @param {RemoteJob} remote */
    function refuseUnlessDone({ state, kind, detail }) {
      isOver = true;
      if (state === 'done' && kind === 'video') return void (isOver = false);
      if (file) id = '';
      throw problem(state === 'done' ? 'video-no-video' : `video-${state}`, detail);
    }
  };
}

/**
 * Says how far a job is, with the newest frame that was analysed.
 *
 * @param {{
 *   id: () => string,
 *   jobs: Pick<Jobs, 'file'>,
 *   job: Job,
 *   on: On,
 *   signal: AbortSignal,
 *   announce: (text: string) => void,
 *   show: (told: ToldText) => void,
 *   note: string,
 *   now: () => number,
 * }} parts
 */
function createTeller({ id, jobs, job, on, signal, announce, show, note, now }) {
  let picture = '';
  let isFetching = false;
  let fetchedAt = -Infinity;
  let state = '';

  /** @param {string} text @param {number | null} fraction */
  function tell(text, fraction) {
    if (signal.aborted) return;
    const told = { text, fraction, note, picture };
    job.told = { name: 'sending', fraction: fraction || LEAST, show: () => show(told) };
    on.onStage(job.told);
  }

  /** @param {RemoteJob} remote */
  function hear(remote) {
    const text = textOf(remote);
    tell(text, remote.state === 'running' && remote.frames > 0 ? remote.progress : null);
    if (remote.state !== state) announce(text);
    ({ state } = remote);
    if (remote.hasPreview && !isFetching && now() - fetchedAt >= PREVIEW_EVERY_MS) void look(remote);
  }

  /** @param {RemoteJob} remote */
  async function look(remote) {
    isFetching = true;
    try {
      const url = URL.createObjectURL(await jobs.file(id(), 'preview.jpg', signal));
      const before = picture;
      picture = url;
      tell(textOf(remote), remote.progress);
      setTimeout(() => URL.revokeObjectURL(before), PREVIEW_EVERY_MS);
    } catch {
      // The next one comes in a second.
    } finally {
      isFetching = false;
      fetchedAt = now();
    }
  }

  return { tell, hear };
}

/** @param {RemoteJob} remote */
function textOf({ state, position, expectedS, frames }) {
  if (state === 'queued') return words.queued(position ?? 1, expectedS);
  if (state === 'running') return frames === 0 ? words.beginning : words.running(frames, frames < FRAMES_FOR_A_GUESS ? null : expectedS);
  return words.fetching;
}

/** @param {Told | null} told */
function noteOf(told) {
  return told ? words.storedNow(words.about(told.keptS)) : '';
}

/** @param {string} kind @param {string} [detail] */
function problem(kind, detail = '') {
  return Object.assign(new Error(kind), { kind, detail });
}

/** @param {unknown} error */
function asOfVideo(error) {
  const { kind } = /** @type {{kind?: string}} */ (error ?? {});
  return Object.assign(/** @type {Error} */ (error), kind && KINDS[kind] ? { kind: KINDS[kind] } : {});
}
