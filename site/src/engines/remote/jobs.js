/**
 * Jobs of the API: a video is sent, followed, fetched, given up and forgotten (openapi.yaml, /v1/jobs). Loaded with the
 * first video.
 */

import { BadAnswer, insist, numberOf, objectOf, textOf } from '../../tasks/checks.js';

/** @typedef {import('../contract.js').Stage} Stage */
/** @typedef {'queued' | 'running' | 'done' | 'failed' | 'cancelled'} State */

/**
 * @typedef {Readonly<{
 *   id: string,
 *   state: State,
 *   kind: string,
 *   name: string,
 *   task: string,
 *   model: string,
 *   progress: number,
 *   frames: number,
 *   position: number | null,
 *   expectedS: number | null,
 *   detail: string,
 *   keptUntil: Date | null,
 *   hasPreview: boolean,
 *   hasVideo: boolean,
 * }>} RemoteJob position: 1 for the next one; detail: why it failed
 *
 * @typedef {Readonly<{megabytes: number, keptS: number, takesVideos: boolean}>} Told what a server says of its jobs
 */

const ACCEPTED = 202;
const NOT_FOUND = 404;
const STATES = Object.freeze(['queued', 'running', 'done', 'failed', 'cancelled']);
const ENDED = Object.freeze(['done', 'failed', 'cancelled']);
const ID = /^[0-9a-f]{32}$/;
const MOST = 1e9;
const SILENCE_MS = 20_000; // a stream of events says something at least every 15 seconds
const FIRST_MS = 4_000; // until the first event: some proxies let none through
const POLL_MS = 2_000;
const MISSES_MAX = 3; // in a row

/** @param {State} state */
export function hasEnded(state) {
  return ENDED.includes(state);
}

/** @param {string} text */
export function isJobId(text) {
  return ID.test(text);
}

/**
 * Read what /status_check says of jobs; it may be anything.
 *
 * @param {unknown} jobs
 * @returns {Told | null} null if there are none
 */
export function parseTold(jobs) {
  try {
    const { kinds, kept, limits } = objectOf(jobs);
    return Object.freeze({
      takesVideos: Array.isArray(kinds) && kinds.includes('video'),
      keptS: numberOf(objectOf(kept).seconds, 0, MOST),
      megabytes: numberOf(objectOf(limits).megabytes, 0, MOST),
    });
  } catch {
    return null;
  }
}

/**
 * @param {string} body
 * @returns {RemoteJob}
 * @throws {import('../../tasks/checks.js').BadAnswer}
 */
export function parseJob(body) {
  const job = objectOf(parseJson(body));
  const { preview, video } = objectOf(job.links);
  const [id, state, until] = [textOf(job.id), textOf(job.state), job.kept_until === null ? null : new Date(textOf(job.kept_until))];
  insist(ID.test(id) && STATES.includes(state) && !Number.isNaN(until?.getTime()));
  return Object.freeze({
    id,
    state: /** @type {State} */ (state),
    kind: textOf(job.kind),
    name: textOf(job.name),
    task: textOf(job.task),
    model: textOf(job.model),
    progress: numberOf(job.progress, 0, 1),
    frames: numberOf(job.frames, 0, MOST),
    position: job.position === null ? null : numberOf(job.position, 1, MOST),
    expectedS: job.expected_s === null ? null : numberOf(job.expected_s, 0, MOST),
    detail: job.detail === null ? '' : textOf(job.detail),
    keptUntil: until,
    hasPreview: preview !== null,
    hasVideo: video !== null,
  });
}

/** @param {string} body @returns {unknown} */
function parseJson(body) {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new BadAnswer('The answer is no JSON.', { cause });
  }
}

/** @typedef {ReturnType<typeof createJobs>} Jobs */

/**
 * @param {string} apiUrl
 * @param {{post: typeof import('./post.js').post, problemFromAnswer: typeof import('./problem.js').problemFromAnswer}} by what the
 *   page has already
 */
export function createJobs(apiUrl, { post, problemFromAnswer }) {
  const base = `${apiUrl.replace(/\/*$/, '/')}v1/jobs`;
  const at = (/** @type {string} */ id, rest = '') => `${base}/${id}${rest}`;

  const jobs = {
    /** Where the video is that the server drew. @param {string} id */
    videoUrl: (id) => at(id, '/result.mp4'),

    /**
     * @param {File} file
     * @param {Readonly<Record<string, string>>} fields
     * @param {{signal: AbortSignal, onStage: (stage: Stage) => void}} options
     * @returns {Promise<RemoteJob>}
     */
    async begin(file, fields, options) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('file', file); // last, so that the server knows what is asked before it takes the file in
      const { status, body, retryAfter } = await post(base, form, options);
      if (status !== ACCEPTED) throw problemFromAnswer(status, body, retryAfter);
      return parseJob(body);
    },

    /** @param {string} id @param {AbortSignal} [signal] */
    show: async (id, signal) => parseJob(await (await ask(at(id), { signal })).text()),

    /** What was found, as JSON. @param {string} id @param {AbortSignal} signal */
    result: async (id, signal) => objectOf(parseJson(await (await ask(at(id, '/result.json'), { signal })).text())),

    /** @param {string} id @param {'preview.jpg' | 'result.mp4'} name @param {AbortSignal} [signal] */
    file: async (id, name, signal) => (await ask(at(id, `/${name}`), { signal })).blob(),

    /** Give a job up, and have it forgotten. @param {string} id */
    async forget(id) {
      const end = () => ask(at(id), { method: 'DELETE', keepalive: true });
      const answer = await end();
      if (answer.status === 200) await end(); // it was cancelled; now that it has ended, its name goes, too
    },

    /**
     * Follow a job to its end, by events, or by asking where none come through.
     *
     * @param {string} id
     * @param {{signal: AbortSignal, onChange: (job: RemoteJob) => void}} options
     * @returns {Promise<RemoteJob>} as it ended
     */
    follow(id, { signal, onChange }) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const events = new EventSource(at(id, '/events'));
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        let timer;
        let misses = 0;
        const abort = () => settle(() => reject(signal.reason));
        signal.addEventListener('abort', abort);
        events.addEventListener('message', ({ data }) => {
          try {
            hear(parseJob(String(data)));
          } catch (error) {
            settle(() => reject(error));
          }
        });
        events.addEventListener('error', () => {
          if (events.readyState === EventSource.CLOSED) expect(0); // else it asks again by itself
        });
        expect(FIRST_MS);

        /** @param {() => void} act */
        function settle(act) {
          events.close();
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          act();
        }

        /** @param {number} ms */
        function expect(ms) {
          clearTimeout(timer);
          timer = setTimeout(poll, ms);
        }

        /** @param {RemoteJob} job */
        function hear(job) {
          misses = 0;
          expect(events.readyState === EventSource.CLOSED ? POLL_MS : SILENCE_MS);
          onChange(job);
          if (hasEnded(job.state)) settle(() => resolve(job));
        }

        async function poll() {
          try {
            hear(await jobs.show(id, signal));
          } catch (error) {
            misses += 1;
            const isLost = /** @type {{kind?: string}} */ (error).kind === 'unreachable';
            if (isLost && misses < MISSES_MAX) expect(POLL_MS);
            else if (!signal.aborted) settle(() => reject(error));
          }
        }
      });
    },
  };
  return jobs;

  /**
   * @param {string} url
   * @param {RequestInit} [options]
   * @returns {Promise<Response>}
   * @throws {Error} with a `kind`, or a DOMException
   */
  async function ask(url, options = {}) {
    const response = await fetch(url, { cache: 'no-store', credentials: 'omit', redirect: 'error', ...options }).catch((error) => {
      if (options.signal?.aborted) throw error;
      throw Object.assign(new Error('Nobody answers.', { cause: error }), { kind: 'unreachable' });
    });
    if (response.ok) return response;
    const problem = problemFromAnswer(response.status, await response.text(), response.headers.get('retry-after'));
    throw response.status === NOT_FOUND ? Object.assign(problem, { kind: 'video-gone' }) : problem;
  }
}
