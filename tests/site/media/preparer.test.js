import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { suppress } from '../../../site/src/tasks/detection/nms.js';
import { UnusableFile } from '../../../site/src/media/prepare.js';
import { createWorkerClient } from '../../../site/src/media/preparer.js';
import { jobs } from '../../../site/src/media/jobs.js';
import { crowd } from '../tasks/detections.js';

const candidates = crowd(50, { width: 640, height: 480 });
const limits = { confidence: 0.25, iou: 0.45, maxDetections: 100 };
const kept = suppress(candidates, limits);
const file = new File(['not a picture'], 'a.txt', { type: 'text/plain' });

/** The real worker's module, with a pair of event targets in place of a thread. */
let spawn;
let spawned;

beforeEach(async () => {
  vi.resetModules();
  const inside = new EventTarget();
  spawned = Object.assign(new EventTarget(), { terminate: vi.fn(), postMessage: vi.fn() });
  const deliver = (target) => (data) => {
    const copy = structuredClone(data);
    queueMicrotask(() => target.dispatchEvent(new MessageEvent('message', { data: copy })));
  };
  spawned.postMessage.mockImplementation(deliver(inside));
  vi.stubGlobal('self', Object.assign(inside, { postMessage: deliver(spawned) }));
  await import('../../../site/src/media/worker.js');
  spawn = vi.fn(() => spawned);
});

afterEach(() => vi.unstubAllGlobals());

function noJobs() {
  throw new Error('there is a worker for this');
}

test('the worker answers, and is started once', async () => {
  const client = createWorkerClient({ spawn, loadJobs: noJobs });
  expect(spawn).not.toHaveBeenCalled();
  const answers = await Promise.all([client.suppress(candidates, limits), client.suppress([], limits)]);
  expect(answers).toEqual([kept, []]);
  expect(spawn).toHaveBeenCalledTimes(1);
});

test('labels are placed by the worker', async () => {
  const place = await createWorkerClient({ spawn, loadJobs: noJobs }).place(
    [{ x1: 10, y1: 50, x2: 90, y2: 90 }], [{ width: 30, height: 10 }], { width: 100, height: 100 },
  );
  expect(place).toEqual([{ x1: 10, y1: 40, x2: 40, y2: 50 }]);
});

test('what a file is refused for arrives', async () => {
  const prepared = createWorkerClient({ spawn, loadJobs: noJobs }).prepare(file, new AbortController().signal);
  await expect(prepared).rejects.toMatchObject({ name: 'UnusableFile', kind: 'not-an-image' });
});

test('cancelling rejects at once and reaches the job', async () => {
  const started = vi.fn();
  spawned.postMessage.mockImplementation(started);
  const cancelling = new AbortController();
  const prepared = createWorkerClient({ spawn, loadJobs: noJobs }).prepare(file, cancelling.signal);
  cancelling.abort();
  await expect(prepared).rejects.toMatchObject({ name: 'AbortError' });
  expect(started.mock.calls).toEqual([[{ id: 1, kind: 'prepare', input: file }], [{ id: 1, cancel: true }]]);
});

/** What the worker answers to orders given directly. */
function order(...orders) {
  const answers = [];
  spawned.addEventListener('message', ({ data }) => answers.push(data));
  for (const data of orders) self.dispatchEvent(new MessageEvent('message', { data }));
  return answers;
}

test('a job stops when it is cancelled, and no other does', async () => {
  let open = () => {};
  const opened = new Promise((resolve) => { open = resolve; });
  const head = { arrayBuffer: () => opened };
  const prepare = (id, size) => ({ id, kind: 'prepare', input: { ...head, size, type: '', slice: () => head } });
  const answers = order(prepare(1, 3), prepare(2, 2e7), { id: 1, cancel: true });
  open(Uint8Array.of(0xff, 0xd8, 0xff).buffer);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(answers.map(({ id, problem }) => [id, problem.name, problem.kind]).sort())
    .toEqual([[1, 'AbortError', ''], [2, 'UnusableFile', 'too-large']]);
});

test('an order for no job is answered', async () => {
  const answers = order({ id: 7, kind: 'toString' }, { id: 8, kind: 'no such job' });
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(answers[1]).toMatchObject({ id: 8, problem: { name: 'TypeError' } });
});

test('what was cancelled before is not begun', async () => {
  const client = createWorkerClient({ spawn, loadJobs: noJobs });
  await expect(client.prepare(file, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(spawn).not.toHaveBeenCalled();
});

test.each([
  ['there can be no worker', () => null],
  ['a policy forbids it', () => { throw new TypeError('TrustedScriptURL'); }],
])('the page does the work itself where %s', async (_, spawnNone) => {
  const client = createWorkerClient({ spawn: spawnNone, loadJobs: async () => jobs });
  expect(await client.suppress(candidates, limits)).toEqual(kept);
  await expect(client.prepare(file, new AbortController().signal)).rejects.toBeInstanceOf(UnusableFile);
});

test.each(['error', 'messageerror'])('the page takes over after the worker’s %s, from then on', async (event) => {
  spawned.postMessage.mockImplementation(() => {});
  const client = createWorkerClient({ spawn, loadJobs: async () => jobs });
  const asked = client.suppress(candidates, limits);
  spawned.dispatchEvent(new Event(event, { cancelable: true }));
  expect(await asked).toEqual(kept);
  expect(spawned.terminate).toHaveBeenCalled();
  expect(await client.suppress(candidates, limits)).toEqual(kept);
  expect(spawn).toHaveBeenCalledTimes(1);
});

test('what cannot be sent to the worker is refused, and nothing is left open', async () => {
  const client = createWorkerClient({ spawn, loadJobs: noJobs });
  await expect(client.suppress([() => {}], limits)).rejects.toMatchObject({ name: 'DataCloneError' });
  expect(await client.suppress(candidates, limits)).toEqual(kept);
});
