import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problemFromAnswer } from '../../../site/src/engines/remote/problem.js';
import { createJobs, parseJob, parseTold } from '../../../site/src/engines/remote/jobs.js';

const ID = 'a'.repeat(32);
const JOB = {
  id: ID, state: 'running', kind: 'video', name: 'a.mp4', task: 'detection', model: 'm', progress: 0.5, frames: 3, position: null,
  expected_s: 4, detail: null, created_at: '2030-01-01T00:00:00Z', kept_until: null,
  links: { self: '/', events: '/', preview: '/p', result: null, video: null },
};
const json = (changes = {}) => JSON.stringify({ ...JOB, ...changes });

test('a job is read', () => {
  expect(parseJob(json({ state: 'done', kept_until: '2030-01-01T00:00:00Z' }))).toMatchObject({
    id: ID, state: 'done', expectedS: 4, detail: '', hasPreview: true, hasVideo: false, keptUntil: new Date(Date.UTC(2030, 0)),
  });
});

test.each([{ id: '../x' }, { state: 'odd' }, { progress: 2 }, { kept_until: 'soon' }, { links: null }, { position: -1 }])(
  'a job with %j makes no sense', (change) => {
    expect(() => parseJob(json(change))).toThrow('openapi');
  },
);

test.each([
  [{ kinds: ['video', 'image'], kept: { seconds: 60 }, limits: { megabytes: 200 } }, { takesVideos: true, keptS: 60, megabytes: 200 }],
  [{ kinds: ['image'], kept: { seconds: 60 }, limits: { megabytes: 200 } }, { takesVideos: false }],
])('what a server tells of its jobs is read', (told, expected) => {
  expect(parseTold(told)).toMatchObject(expected);
});

test.each([undefined, null, 'yes', { kinds: 'video' }, { kinds: [], kept: {}, limits: {} }])('%j tells of no jobs', (told) => {
  expect(parseTold(told)).toBeNull();
});

describe('following', () => {
  /** @type {FakeEvents[]} */
  let streams;
  class FakeEvents extends EventTarget {
    static CLOSED = 2;
    readyState = 1;

    constructor(url) {
      super();
      this.url = url;
      streams.push(this);
    }

    say = (changes) => this.dispatchEvent(new MessageEvent('message', { data: json(changes) }));

    fail(isLasting) {
      this.readyState = isLasting ? 2 : 0;
      this.dispatchEvent(new Event('error'));
    }

    close() {
      this.readyState = 2;
    }
  }
  const answers = (...jobs) => {
    const asked = vi.fn();
    for (const job of jobs) asked.mockImplementationOnce(job instanceof Error ? () => Promise.reject(job) : async () => job);
    vi.stubGlobal('fetch', asked);
    return asked;
  };
  const answer = (changes, status = 200) => new Response(json(changes), { status });
  const follow = (abort = new AbortController()) => {
    const states = [];
    const jobs = createJobs('https://api.example', { post: vi.fn(), problemFromAnswer });
    const ended = jobs.follow(ID, { signal: abort.signal, onChange: ({ state, frames }) => states.push([state, frames]) });
    ended.catch(() => {});
    return { states, ended, stream: streams[0] };
  };

  beforeEach(() => {
    streams = [];
    vi.useFakeTimers();
    vi.stubGlobal('EventSource', FakeEvents);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('tells each change, and ends with the job', async () => {
    const { states, ended, stream } = follow();
    stream.say({ frames: 4 });
    stream.fail(false); // the stream has ended, and the browser asks again
    stream.say({ state: 'done', frames: 9 });
    expect((await ended).state).toBe('done');
    expect(states).toEqual([['running', 4], ['done', 9]]);
    expect(stream.readyState).toBe(2);
  });

  test('asks where no event comes through', async () => {
    const asked = answers(answer({ frames: 1 }), answer({ state: 'done' }));
    const { states, ended } = follow();
    await vi.advanceTimersByTimeAsync(4000);
    expect(states).toEqual([['running', 1]]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect((await ended).state).toBe('done');
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test('asks where events are refused, and hears of a job that is forgotten', async () => {
    answers(new Response('{"status": 404}', { status: 404 }));
    const { ended, stream } = follow();
    stream.fail(true);
    await vi.advanceTimersByTimeAsync(10);
    await expect(ended).rejects.toMatchObject({ kind: 'video-gone' });
  });

  test('bears a network that is away for a moment, and no longer', async () => {
    answers(new TypeError('x'), answer({ frames: 2 }), new TypeError('x'), new TypeError('x'), new TypeError('x'));
    const { ended, stream, states } = follow();
    stream.fail(true);
    await vi.advanceTimersByTimeAsync(2500);
    expect(states).toEqual([['running', 2]]);
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(ended).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('ends when it is given up', async () => {
    const abort = new AbortController();
    const { ended, stream } = follow(abort);
    abort.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    expect(stream.readyState).toBe(2);
  });
});

test('forgetting what still runs cancels it first', async () => {
  const asked = vi.fn().mockResolvedValueOnce(new Response(json())).mockResolvedValueOnce(new Response(null, { status: 204 }));
  vi.stubGlobal('fetch', asked);
  await createJobs('https://api.example/', { post: vi.fn(), problemFromAnswer }).forget(ID);
  expect(asked.mock.calls.map(([url, { method }]) => [url, method])).toEqual([
    [`https://api.example/v1/jobs/${ID}`, 'DELETE'], [`https://api.example/v1/jobs/${ID}`, 'DELETE'],
  ]);
  vi.unstubAllGlobals();
});
