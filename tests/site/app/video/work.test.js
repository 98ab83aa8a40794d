import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createController } from '../../../../site/src/app/controller.js';
import { createVideoWork } from '../../../../site/src/app/video/work.js';
import { ApiProblem } from '../../../../site/src/engines/remote/problem.js';

const ID = 'a'.repeat(32);
const FILE = new File(['moving'], 'a.mp4', { type: 'video/mp4' });
const OPENED = { url: 'blob:x', size: { width: 64, height: 36 }, durationS: 2, poster: new File(['x'], 'a.mp4', { type: 'image/jpeg' }) };
const remote = (changes = {}) => ({
  id: ID, state: 'done', kind: 'video', name: 'a.mp4', task: 'detection', model: 'm', progress: 1, frames: 9, position: null,
  expectedS: null, detail: '', keptUntil: null, hasPreview: false, hasVideo: true, ...changes,
});

let jobs;
let parts;
let named;
let shown;
let controller;

beforeEach(() => {
  named = '';
  shown = [];
  jobs = {
    begin: vi.fn(async (_file, _fields, { onStage }) => (onStage({ name: 'sending', fraction: 0.5 }), remote({ state: 'queued' }))),
    follow: vi.fn(async () => remote()),
    result: vi.fn(async () => ({ frames: [] })),
    file: vi.fn(async () => new Blob(['preview'])),
    forget: vi.fn(async () => {}),
  };
  parts = {
    jobs,
    told: () => ({ takesVideos: true, keptS: 3600, megabytes: 1 }),
    fieldsOf: async () => ({ model: 'm' }),
    open: vi.fn(async () => OPENED),
    read: vi.fn(async () => ({ name: 'a.mp4', timings: {} })),
    named: () => named,
    name: (id) => void (named = id),
    announce: vi.fn(),
    show: ({ text }) => void shown.push(['told', text]),
  };
  const note = (kind) => (what) => void shown.push([kind, what]);
  const page = Object.fromEntries(
    ['showEmpty', 'showWaiting', 'showOpening', 'showPicture', 'showStage', 'showFailure', 'showJobs'].map((name) => [name, note(name)]),
  );
  controller = createController({
    prepare: vi.fn(async () => ({ file: FILE, upright: true, size: null })),
    ask: vi.fn(async () => ({ name: 'a photo', timings: {} })),
    page: { ...page, showStage: (stage) => stage.show?.(), loadResult: async () => {} },
    viewer: { open: note('result'), close: () => {}, isEdited: () => false },
    watchQueue: () => {},
    checkStatus: () => {},
    isOnline: () => true,
  });
});

/** @param {{id?: string, file?: File | null}} [known] */
function sourceOf({ id = '', file = FILE } = {}) {
  return Object.assign(() => file, { title: 'a.mp4', work: createVideoWork(parts)({ id, file }) });
}

const told = () => shown.filter(([kind]) => kind === 'told').map(([, text]) => text);
const failure = () => shown.findLast(([kind]) => kind === 'showFailure')?.[1];
const settled = (state) => vi.waitFor(() => expect(controller.jobs()[0]?.state).toBe(state));

test('a video is sent, followed, fetched and read', async () => {
  await controller.start(sourceOf());
  expect(told().some((text) => text.includes('0.0 of 0.0 MB'))).toBe(true);
  expect(jobs.begin).toHaveBeenCalledWith(FILE, { model: 'm' }, expect.anything());
  expect(parts.read).toHaveBeenCalledWith(expect.objectContaining({ opened: OPENED, json: { frames: [] } }));
  expect(controller.jobs()[0]).toMatchObject({ state: 'result', prepared: { file: OPENED.poster } });
  expect(named).toBe(ID);
});

test('what is known by its id alone is sent nowhere, and has the newest frame for a picture', async () => {
  jobs.follow.mockImplementation(async () => remote({ hasPreview: true }));
  await controller.start(sourceOf({ id: ID, file: null }));
  expect(jobs.begin).not.toHaveBeenCalled();
  expect(await controller.jobs()[0]?.prepared?.file.text()).toBe('preview');
});

test.each([
  [{ state: 'queued', position: 3, expectedS: 40 }, 'Waiting: 2 before yours, about 40 seconds'],
  [{ state: 'running', frames: 0 }, 'Looking at the first frames…'],
  [{ state: 'running', frames: 2, expectedS: 9000 }, '2 frames looked at'],
  [{ state: 'running', frames: 40, expectedS: 7 }, '40 frames looked at, about 7 seconds left'],
])('%j is told as "%s"', async (change, text) => {
  jobs.follow.mockImplementation(async (_id, { onChange }) => (onChange(remote(change)), remote()));
  await controller.start(sourceOf());
  expect(told()).toContain(text);
});

test('a photograph does not wait for a video', async () => {
  let end;
  jobs.follow.mockImplementation(() => new Promise((resolve) => (end = resolve)));
  void controller.start(sourceOf());
  await vi.waitFor(() => expect(end).toBeDefined());
  await controller.start(() => FILE);
  expect(controller.jobs().map(({ state }) => state)).toEqual(['working', 'result']);
  end(remote());
  await settled('result');
  expect(named).toBe(ID);
});

test('a photograph takes the place of a video that failed, and of no other', async () => {
  jobs.follow.mockImplementationOnce(async () => remote({ state: 'failed' }));
  await controller.start(sourceOf());
  await controller.start(() => FILE);
  expect(controller.jobs()).toHaveLength(1);
  await controller.start(sourceOf());
  await controller.start(() => FILE);
  expect(controller.jobs()).toHaveLength(2);
});

test('asked once more, of another model, it is sent anew', async () => {
  await controller.start(sourceOf());
  await controller.askAgain();
  await vi.waitFor(() => expect(parts.read).toHaveBeenCalledTimes(2));
  expect(jobs.begin).toHaveBeenCalledTimes(2);
  expect(parts.open).toHaveBeenCalledTimes(1);
});

describe('what goes wrong', () => {
  test.each([
    ['a job that failed', { state: 'failed', detail: 'It is broken.' }, { kind: 'video-failed', detail: 'It is broken.' }],
    ['a photograph that was sent as a job', { kind: 'image' }, { kind: 'video-no-video' }],
  ])('%s', async (_, change, expected) => {
    jobs.follow.mockImplementation(async () => remote(change));
    await controller.start(sourceOf());
    expect(failure()).toMatchObject(expected);
  });

  test.each([['refused-image', 'video-refused'], ['not-an-image', 'video-refused'], ['too-large', 'video-too-large']])(
    'the API says %s',
    async (kind, named) => {
      jobs.begin.mockRejectedValue(new ApiProblem(kind, { detail: 'Why.' }));
      await controller.start(sourceOf());
      expect(failure()).toMatchObject({ kind: named, detail: 'Why.' });
    },
  );

  test('a file that is too large is not sent', async () => {
    await controller.start(sourceOf({ file: new File([new Uint8Array(1_000_001)], 'b.mp4') }));
    expect(failure()).toMatchObject({ kind: 'video-too-large', detail: 'The server takes up to 1 MB.' });
    expect(jobs.begin).not.toHaveBeenCalled();
  });

  test('a network that is away while it is followed: it is followed again, and not sent again', async () => {
    jobs.follow.mockRejectedValueOnce(new ApiProblem('unreachable'));
    await controller.start(sourceOf());
    expect(controller.jobs()[0]?.state).toBe('held');
    await controller.retryAll();
    await settled('result');
    expect(jobs.begin).toHaveBeenCalledTimes(1);
  });

  test('a video that is forgotten, known by its id', async () => {
    jobs.follow.mockRejectedValue(Object.assign(new ApiProblem('refused'), { kind: 'video-gone' }));
    await controller.start(sourceOf({ id: ID, file: null }));
    expect(failure()).toMatchObject({ kind: 'video-gone' });
  });
});

describe('given up', () => {
  test('while it is worked on, it is forgotten at the server, and its address goes', async () => {
    jobs.follow.mockImplementation((_id, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
    void controller.start(sourceOf());
    await vi.waitFor(() => expect(jobs.follow).toHaveBeenCalled());
    controller.cancel();
    expect(jobs.forget).toHaveBeenCalledWith(ID);
    expect(named).toBe('');
    expect(controller.jobs()).toEqual([]);
  });

  test('and brought back, it is sent anew', async () => {
    jobs.follow.mockImplementationOnce((_id, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
    void controller.start(sourceOf());
    await vi.waitFor(() => expect(jobs.follow).toHaveBeenCalled());
    controller.remove(...controller.jobs())();
    await settled('result');
    expect(jobs.begin).toHaveBeenCalledTimes(2);
  });

  test('when it is done, it stays at the server until its time', async () => {
    await controller.start(sourceOf());
    controller.remove(...controller.jobs());
    expect(jobs.forget).not.toHaveBeenCalled();
    expect(named).toBe('');
  });
});
