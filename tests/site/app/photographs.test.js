import { beforeEach, expect, test, vi } from 'vitest';
import { createPhotographs } from '../../../site/src/app/photographs.js';

const PLAIN = 'data:image/jpeg;base64,AA';
let plainPicture;
let ends;
let giveUp;

beforeEach(() => {
  plainPicture = vi.fn(async (_, signal) => (signal.throwIfAborted(), PLAIN));
  ends = [];
});

const open = () =>
  createPhotographs({
    byId: () => ({ plainPicture }),
    onFetch: (abort) => ((giveUp = abort), (isThere) => ends.push(isThere)),
  });
const jobOf = (upright) => ({ prepared: { file: new Blob(), upright }, answer: { engine: 'remote' }, plain: null });

test('that the browser can read is the visitor’s own', async () => {
  const photographs = open();
  const job = jobOf(true);
  expect(photographs.isAtHand(job)).toBe(true);
  expect(await photographs.of(job)).toBe(job.prepared.file);
  expect(plainPicture).not.toHaveBeenCalled();
});

test('that only the server can read is fetched once, however many ask', async () => {
  const photographs = open();
  const job = jobOf(false);
  expect(photographs.isAtHand(job)).toBe(false);
  expect(await Promise.all([photographs.of(job), photographs.again(job)])).toEqual([PLAIN, PLAIN]);
  expect(await photographs.again(job)).toBe(PLAIN);
  expect(plainPicture).toHaveBeenCalledOnce();
  expect([ends, photographs.isAtHand(job)]).toEqual([[true], true]);
});

test('can be given up, and then is fetched again only for somebody who asks', async () => {
  let arrive;
  plainPicture.mockImplementationOnce((_, signal) => new Promise((resolve, reject) => {
    arrive = resolve;
    signal.addEventListener('abort', () => reject(signal.reason));
  }));
  const photographs = open();
  const job = jobOf(false);
  const asked = photographs.of(job);
  expect(arrive).toBeDefined();
  giveUp();
  await expect(asked).rejects.toMatchObject({ kind: 'told' });
  await expect(photographs.of(job)).rejects.toMatchObject({ kind: 'told' });
  expect([plainPicture.mock.calls.length, ends]).toEqual([1, [false]]);
  expect(await photographs.again(job)).toBe(PLAIN);
  expect(await photographs.of(job)).toBe(PLAIN);
  expect([plainPicture.mock.calls.length, ends]).toEqual([2, [false, true]]);
});

test('that has failed for somebody who asked has failed, and is not fetched at once a second time', async () => {
  plainPicture.mockRejectedValue(new Error('offline'));
  const photographs = open();
  await expect(photographs.again(jobOf(false))).rejects.toMatchObject({ kind: 'told' });
  expect(plainPicture).toHaveBeenCalledOnce();
});
