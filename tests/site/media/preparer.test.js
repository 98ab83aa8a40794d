import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareImage, UnusableFile } from '../../../site/src/media/prepare.js';
import { createPreparer } from '../../../site/src/media/preparer.js';

const file = new File(['not a picture'], 'a.txt', { type: 'text/plain' });
const { signal } = new AbortController();

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

function notHere() {
  throw new Error('there is a worker for this');
}

test('what a file is refused for arrives from the worker, which is started once', async () => {
  const prepare = createPreparer({ spawn, prepareHere: notHere });
  expect(spawn).not.toHaveBeenCalled();
  for (const _ of [1, 2]) {
    await expect(prepare(file, signal)).rejects.toMatchObject({ name: 'UnusableFile', kind: 'not-an-image' });
  }
  expect(spawn).toHaveBeenCalledTimes(1);
});

test('what the worker has prepared arrives', async () => {
  spawned.postMessage.mockImplementation(({ id }) => {
    queueMicrotask(() => spawned.dispatchEvent(new MessageEvent('message', { data: { id, output: { upright: true } } })));
  });
  await expect(createPreparer({ spawn, prepareHere: notHere })(file, signal)).resolves.toEqual({ upright: true });
});

test('cancelling rejects at once and reaches the worker', async () => {
  const started = vi.fn();
  spawned.postMessage.mockImplementation(started);
  const cancelling = new AbortController();
  const prepared = createPreparer({ spawn, prepareHere: notHere })(file, cancelling.signal);
  cancelling.abort();
  await expect(prepared).rejects.toMatchObject({ name: 'AbortError' });
  expect(started.mock.calls).toEqual([[{ id: 1, file }], [{ id: 1, cancel: true }]]);
});

/** What the worker answers to orders given directly. */
function order(...orders) {
  const answers = [];
  spawned.addEventListener('message', ({ data }) => answers.push(data));
  for (const data of orders) self.dispatchEvent(new MessageEvent('message', { data }));
  return answers;
}

test('work stops when it is cancelled, and no other does', async () => {
  let open = () => {};
  const opened = new Promise((resolve) => { open = resolve; });
  const head = { arrayBuffer: () => opened };
  const prepare = (id, size) => ({ id, file: { ...head, size, type: '', slice: () => head } });
  const answers = order(prepare(1, 3), prepare(2, 2e7), { id: 1, cancel: true });
  open(Uint8Array.of(0xff, 0xd8, 0xff).buffer);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(answers.map(({ id, problem }) => [id, problem.name, problem.kind]).sort())
    .toEqual([[1, 'AbortError', ''], [2, 'UnusableFile', 'too-large']]);
});

test('what was cancelled before is not begun', async () => {
  await expect(createPreparer({ spawn, prepareHere: notHere })(file, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(spawn).not.toHaveBeenCalled();
});

test.each([
  ['there can be no worker', () => null],
  ['a policy forbids it', () => { throw new TypeError('TrustedScriptURL'); }],
])('the page does the work itself where %s', async (_, spawnNone) => {
  const prepare = createPreparer({ spawn: spawnNone, prepareHere: prepareImage });
  await expect(prepare(file, signal)).rejects.toBeInstanceOf(UnusableFile);
});

test.each(['error', 'messageerror'])('the page takes over after the worker’s %s, from then on', async (event) => {
  spawned.postMessage.mockImplementation(() => {});
  const prepare = createPreparer({ spawn, prepareHere: prepareImage });
  const asked = prepare(file, signal);
  spawned.dispatchEvent(new Event(event, { cancelable: true }));
  await expect(asked).rejects.toBeInstanceOf(UnusableFile);
  expect(spawned.terminate).toHaveBeenCalled();
  await expect(prepare(file, signal)).rejects.toBeInstanceOf(UnusableFile);
  expect(spawn).toHaveBeenCalledTimes(1);
});

test('what cannot be sent to the worker is refused, and nothing is left open', async () => {
  const prepare = createPreparer({ spawn, prepareHere: notHere });
  await expect(prepare([() => {}], signal)).rejects.toMatchObject({ name: 'DataCloneError' });
  await expect(prepare(file, signal)).rejects.toMatchObject({ kind: 'not-an-image' });
});
