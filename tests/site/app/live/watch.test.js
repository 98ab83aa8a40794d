import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWatch } from '../../../../site/src/app/live/watch.js';

/** A camera that has a new frame whenever it is asked, and an engine that answers when it is told to. */
function scene() {
  const abort = new AbortController();
  const asked = [];
  const waits = [];
  const frames = [];
  let frame = 0;
  const watch = createWatch({
    next: async () => {},
    grab: async () => (frame += 1),
    ask: (taken) => new Promise((resolve, reject) => asked.push({ taken, answer: () => resolve({ answer: taken, parts: { inference: 5 } }), reject })),
    paint: async () => {},
    onFrame: (figures) => frames.push(figures),
    onWait: (failure, until) => waits.push({ kind: failure?.kind ?? null, until }),
    isOnline: () => true,
    now: Date.now,
  });
  return { abort, asked, waits, frames, drop: (many) => (frame += many), done: watch(abort.signal) };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const failed = (kind, retryAfterS = null) => Object.assign(new Error(kind), { kind, retryAfterS });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('asks about one frame at a time, and drops what comes meanwhile', async () => {
  const { asked, drop, frames } = scene();
  await settle();
  expect(asked.map(({ taken }) => taken)).toEqual([1]);
  drop(20);
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toHaveLength(1);
  asked[0].answer();
  await settle();
  expect(asked.map(({ taken }) => taken)).toEqual([1, 22]);
  expect(frames).toHaveLength(1);
  expect(frames[0]).toMatchObject({ delayMs: 5000, parts: { inference: 5 } });
});

test('sends nothing while the server asks for a pause', async () => {
  const { asked, waits } = scene();
  await settle();
  asked[0].reject(failed('busy', 3));
  await vi.advanceTimersByTimeAsync(2999);
  expect(asked).toHaveLength(1);
  expect(waits).toEqual([{ kind: 'busy', until: Date.now() + 1 }]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(2);
  expect(waits.at(-1)).toEqual({ kind: null, until: null });
});

test('waits longer each time for a server that is not there, and as short as at first once it has answered', async () => {
  const { asked } = scene();
  await settle();
  for (const [index, seconds] of [2, 4, 8].entries()) {
    asked[index].reject(failed('unreachable'));
    await vi.advanceTimersByTimeAsync(1000 * seconds - 1);
    expect(asked).toHaveLength(index + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(index + 2);
  }
  asked[3].answer();
  await settle();
  asked[4].reject(failed('unreachable'));
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toHaveLength(6);
});

test('ends with what trying again would not help', async () => {
  const { asked, done } = scene();
  await settle();
  asked[0].reject(failed('forbidden'));
  await expect(done).resolves.toMatchObject({ kind: 'forbidden' });
});

test.each(['while it is asked', 'while it waits'])('ends at once with its signal, %s', async (when) => {
  const { abort, asked, done, frames } = scene();
  await settle();
  if (when === 'while it waits') asked[0].reject(failed('busy', 60));
  await settle();
  abort.abort();
  if (when === 'while it is asked') asked[0].answer();
  await expect(done).resolves.toBeNull();
  expect([asked.length, frames.length]).toEqual([1, 0]);
});
