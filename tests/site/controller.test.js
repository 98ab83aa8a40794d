import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../../site/src/api/problem.js';
import { createController } from '../../site/src/controller.js';

const FILE = new File(['x'], 'a.jpg');
const IMAGE = { file: FILE, upright: true, size: null };

/** Promises that the test settles when it wants to. */
function deferred() {
  const calls = [];
  const called = (...args) =>
    new Promise((resolve, reject) => {
      calls.push({ args, resolve, reject });
    });
  return { called: vi.fn(called), calls };
}

/** What the page was told to show, in order. */
function recorder() {
  const shown = [];
  const record = (name) => (value) => void shown.push([name, value]);
  const names = ['showEmpty', 'showOpening', 'showPicture', 'showUploaded', 'showResult', 'showFailure'];
  const page = Object.fromEntries(names.map((name) => [name, record(name)]));
  return { shown, page: { ...page, loadResult: vi.fn(async () => {}) }, names: () => shown.map(([name]) => name) };
}

let record;
let prepare;
let detect;
let checkStatus;
let online;
let controller;

beforeEach(() => {
  record = recorder();
  prepare = vi.fn(async () => IMAGE);
  detect = deferred();
  checkStatus = vi.fn();
  online = true;
  controller = createController({
    prepare,
    detect: detect.called,
    page: record.page,
    checkStatus,
    isOnline: () => online,
  });
});

const asked = (times) => vi.waitFor(() => expect(detect.calls).toHaveLength(times));
const last = () => record.shown.at(-1);

describe('a photo', () => {
  test('is opened, shown, sent and answered, in this order', async () => {
    const done = controller.start(() => FILE);
    await asked(1);
    detect.calls[0].args[1].onUploaded(0.5);
    detect.calls[0].resolve('answer');
    await done;
    expect(record.names()).toEqual(['showOpening', 'showPicture', 'showUploaded', 'showResult']);
    expect(last()[1]).toBe('answer');
    expect(checkStatus).not.toHaveBeenCalled();
  });
});

describe('a newer photo', () => {
  test('aborts the older request and drops its answer', async () => {
    const first = controller.start(() => FILE);
    await asked(1);
    const second = controller.start(() => FILE);
    await asked(2);
    expect(detect.calls[0].args[1].signal.aborted).toBe(true);
    expect(detect.calls[1].args[1].signal.aborted).toBe(false);
    detect.calls[1].resolve('new');
    await second;
    detect.calls[0].resolve('old');
    await first;
    expect(record.shown.filter(([name]) => name === 'showResult')).toEqual([['showResult', 'new']]);
  });

  test('drops the progress of the older one', async () => {
    void controller.start(() => FILE);
    await asked(1);
    void controller.start(() => FILE);
    await asked(2);
    const before = record.shown.length;
    detect.calls[0].args[1].onUploaded(1);
    expect(record.shown).toHaveLength(before);
  });

  test('drops the failure of the older one', async () => {
    const first = controller.start(() => FILE);
    await asked(1);
    void controller.start(() => FILE);
    detect.calls[0].reject(new ApiProblem('server'));
    await first;
    expect(record.names()).not.toContain('showFailure');
  });

  test('is not overtaken by an older one that was slow to open', async () => {
    const opening = deferred();
    prepare.mockImplementationOnce(opening.called);
    const first = controller.start(() => FILE);
    await vi.waitFor(() => expect(opening.calls).toHaveLength(1));
    void controller.start(() => FILE);
    await asked(1);
    opening.calls[0].resolve(IMAGE);
    await first;
    expect(detect.calls).toHaveLength(1);
  });

  test('wins while the picture of the older answer is being loaded', async () => {
    const loading = deferred();
    record.page.loadResult.mockImplementationOnce(loading.called);
    const first = controller.start(() => FILE);
    await asked(1);
    detect.calls[0].resolve('old');
    await vi.waitFor(() => expect(loading.calls).toHaveLength(1));
    controller.reset();
    loading.calls[0].resolve();
    await first;
    expect(record.names()).not.toContain('showResult');
  });
});

describe('reset', () => {
  test('gives up the request and empties the page', async () => {
    const work = controller.start(() => FILE);
    await asked(1);
    controller.reset();
    const { signal } = detect.calls[0].args[1];
    expect(signal.aborted).toBe(true);
    detect.calls[0].reject(signal.reason);
    await work;
    expect(last()[0]).toBe('showEmpty');
  });

  test('leaves nothing to retry', async () => {
    controller.reset();
    await controller.retry();
    expect(detect.calls).toHaveLength(0);
  });
});

describe('a failure', () => {
  /** @param {unknown} error */
  async function failWith(error) {
    const work = controller.start(() => FILE);
    await asked(1);
    detect.calls[0].reject(error);
    return work;
  }

  test('is told with what the server said, and the light is checked', async () => {
    await failWith(new ApiProblem('busy', { detail: 'Full.', requestId: 'r-1', retryAfterS: 5 }));
    expect(last()).toEqual(['showFailure', { kind: 'busy', detail: 'Full.', requestId: 'r-1', waitS: 5 }]);
    expect(checkStatus).toHaveBeenCalledOnce();
  });

  test('of a visitor without a network is told as such', async () => {
    online = false;
    await failWith(new ApiProblem('unreachable'));
    expect(last()[1].kind).toBe('offline');
  });

  test('can be retried without preparing the photo again', async () => {
    await failWith(new ApiProblem('busy'));
    const again = controller.retry();
    await asked(2);
    detect.calls[1].resolve('answer');
    await again;
    expect(prepare).toHaveBeenCalledOnce();
    expect(detect.calls[1].args[0]).toBe(IMAGE);
    expect(last()).toEqual(['showResult', 'answer']);
  });

  test('to open a photo can be retried too', async () => {
    const source = vi.fn().mockRejectedValueOnce(new ApiProblem('unreachable')).mockResolvedValue(FILE);
    await controller.start(source);
    expect(last()[1].kind).toBe('unreachable');
    void controller.retry();
    await asked(1);
    expect(source).toHaveBeenCalledTimes(2);
  });

  test('of the page itself is shown and reaches the console', async () => {
    await expect(failWith(new TypeError('oops'))).rejects.toThrow('oops');
    expect(last()[1].kind).toBe('unexpected');
  });
});
