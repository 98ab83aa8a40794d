import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../../../site/src/engines/remote/problem.js';
import { createController } from '../../../site/src/app/controller.js';

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
  const names = ['showEmpty', 'showWaiting', 'showOpening', 'showPicture', 'showStage', 'showFailure'];
  const page = Object.fromEntries(names.map((name) => [name, record(name)]));
  const viewer = { open: ({ answer }) => record('showResult')(answer), close: () => {}, isEdited: ({ edits }) => edits !== null };
  const more = { loadResult: vi.fn(async () => {}), showJobs: vi.fn() };
  return { shown, page: { ...page, ...more }, viewer, names: () => shown.map(([name]) => name) };
}

let record;
let prepare;
let ask;
let checkStatus;
let watchQueue;
let online;
let controller;

beforeEach(() => {
  record = recorder();
  prepare = vi.fn(async () => IMAGE);
  ask = deferred();
  checkStatus = vi.fn();
  watchQueue = vi.fn();
  online = true;
  controller = createController({
    prepare,
    ask: ask.called,
    page: record.page,
    viewer: record.viewer,
    watchQueue,
    checkStatus,
    isOnline: () => online,
  });
});

const asked = (times) => vi.waitFor(() => expect(ask.calls).toHaveLength(times));
const last = () => record.shown.at(-1);

describe('a photo', () => {
  test('is opened, shown, sent and answered, in this order', async () => {
    const done = controller.start(() => FILE);
    await asked(1);
    ask.calls[0].args[1].onStage({ name: 'sending', fraction: 0.5 });
    ask.calls[0].resolve('answer');
    await done;
    expect(record.names()).toEqual(['showWaiting', 'showOpening', 'showPicture', 'showStage', 'showResult']);
    expect(last()[1]).toBe('answer');
    expect(checkStatus).not.toHaveBeenCalled();
  });

  test('is followed in the queue from when it is sent until it is answered', async () => {
    const done = controller.start(() => FILE);
    await asked(1);
    ask.calls[0].args[1].onStage({ name: 'sending', fraction: 0.5 });
    expect(watchQueue).not.toHaveBeenCalled();
    ask.calls[0].args[1].onStage({ name: 'working' });
    ask.calls[0].args[1].onStage({ name: 'working' });
    expect(watchQueue).toHaveBeenCalledOnce();
    const [signal] = watchQueue.mock.calls[0];
    expect(signal.aborted).toBe(false);
    ask.calls[0].resolve('answer');
    await done;
    expect(signal.aborted).toBe(true);
  });
});

describe('several photos', () => {
  const source = (name) => Object.assign(() => new File(['x'], name), { title: name });
  const jobs = () => record.page.showJobs.mock.lastCall[0];
  const states = () => jobs().map(({ state }) => state);

  test('are sent one after another', async () => {
    const done = controller.start(source('a'), source('b'), source('c'));
    await asked(1);
    expect(states()).toEqual(['working', 'waiting', 'waiting']);
    for (const index of [0, 1, 2]) {
      await asked(index + 1);
      ask.calls[index].resolve(`answer ${index}`);
    }
    await done;
    expect(states()).toEqual(['result', 'result', 'result']);
    expect(record.shown.filter(([name]) => name === 'showResult')).toEqual([['showResult', 'answer 0']]);
    controller.select(jobs()[2]);
    expect(last()).toEqual(['showResult', 'answer 2']);
  });

  test('go on after one that fails, which can be tried again', async () => {
    void controller.start(source('a'), source('b'));
    await asked(1);
    ask.calls[0].reject(new ApiProblem('server'));
    await asked(2);
    ask.calls[1].resolve('answer');
    await vi.waitFor(() => expect(states()).toEqual(['error', 'result']));
    void controller.retry(jobs()[0]);
    await asked(3);
    ask.calls[2].resolve('late answer');
    await vi.waitFor(() => expect(states()).toEqual(['result', 'result']));
    expect(last()).toEqual(['showResult', 'late answer']);
  });

  test('are given up one by one', async () => {
    void controller.start(source('a'), source('b'), source('c'));
    await asked(1);
    void controller.cancel(jobs()[1]);
    void controller.cancel(jobs()[0]);
    expect(ask.calls[0].args[1].signal.aborted).toBe(true);
    await asked(2);
    ask.calls[1].resolve('answer');
    await vi.waitFor(() => expect(states()).toEqual(['error', 'error', 'result']));
    expect(jobs().map(({ failure }) => failure?.kind)).toEqual(['cancelled', 'cancelled', undefined]);
    expect(last()[1].kind).toBe('cancelled');
  });

  test('get company by what comes later', async () => {
    void controller.start(source('a'), source('b'));
    await asked(1);
    void controller.start(source('c'));
    expect(jobs().map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(ask.calls[0].args[1].signal.aborted).toBe(false);
    expect(last()[0]).toBe('showWaiting');
  });

  test('are all taken away, and brought back with all that was done', async () => {
    void controller.start(source('a'), source('b'));
    await asked(1);
    ask.calls[0].resolve('answer');
    await asked(2);
    jobs()[0].edits = 'edits';
    const undo = controller.remove(...jobs());
    expect(jobs()).toEqual([]);
    expect(ask.calls[1].args[1].signal.aborted).toBe(true);
    expect(last()[0]).toBe('showEmpty');
    undo();
    await asked(3);
    expect(last()).toEqual(['showResult', 'answer']);
    expect(jobs().map(({ name, state, edits }) => [name, state, edits])).toEqual([['a', 'result', 'edits'], ['b', 'working', null]]);
  });

  test('lose one, and a neighbour is looked at', async () => {
    void controller.start(source('a'), source('b'), source('c'));
    await asked(1);
    ask.calls[0].resolve('answer a');
    await asked(2);
    ask.calls[1].resolve('answer b');
    await asked(3);
    const [a, b] = jobs();
    const undo = controller.remove(a);
    expect(last()).toEqual(['showResult', 'answer b']);
    void controller.add(source('d'));
    controller.select(b);
    undo();
    expect(jobs().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(last()).toEqual(['showResult', 'answer a']);
  });
});

describe('a server that turns photos away', () => {
  const source = (name) => Object.assign(() => new File(['x'], name), { title: name });
  const jobs = () => record.page.showJobs.mock.lastCall[0];
  const states = () => jobs().map(({ state }) => state);
  const pause = () => record.page.showJobs.mock.lastCall[2];

  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  /** Without the clock, which waiting would move. */
  async function settled() {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  }

  /** @param {number} index @param {Error} [error] */
  async function reply(index, error) {
    await settled();
    expect(ask.calls).toHaveLength(index + 1);
    if (error) ask.calls[index].reject(error);
    else ask.calls[index].resolve(`answer ${index}`);
    await settled();
  }

  test('stops the others too, for as long as it says, and all go on in order', async () => {
    void controller.start(source('a'), source('b'));
    await reply(0, new ApiProblem('busy', { retryAfterS: 7 }));
    expect(states()).toEqual(['held', 'waiting']);
    expect(pause()).toEqual({ until: expect.any(Number) });
    await vi.advanceTimersByTimeAsync(6_999);
    expect(ask.calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await reply(1);
    await reply(2);
    expect(states()).toEqual(['result', 'result']);
    expect(jobs().map(({ answer }) => answer)).toEqual(['answer 1', 'answer 2']);
  });

  test('is asked after 2, 4, 8, 16, 30 and 30 seconds where it says nothing', async () => {
    void controller.start(source('a'));
    for (const [index, seconds] of [2, 4, 8, 16, 30, 30].entries()) {
      await reply(index, new ApiProblem('too-often'));
      expect(states()).toEqual(['held']);
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(ask.calls).toHaveLength(index + 1);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(ask.calls).toHaveLength(7);
  });

  test('and is gone, gets what waits when its light turns green', async () => {
    controller.lightIs('online');
    void controller.start(source('a'), source('b'));
    await reply(0, new ApiProblem('unreachable'));
    controller.lightIs('offline');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([ask.calls.length, pause()]).toEqual([1, { until: null }]);
    controller.lightIs('online');
    await reply(1);
    await reply(2);
    expect(states()).toEqual(['result', 'result']);
  });

  test('but whose light is green, is not asked for ever for a photo that breaks the connection', async () => {
    controller.lightIs('online');
    void controller.start(source('a'), source('b'));
    for (const index of [0, 1, 2]) {
      await reply(index, new ApiProblem('unreachable'));
      await vi.advanceTimersByTimeAsync(8_000);
    }
    await reply(3);
    expect(states()).toEqual(['error', 'result']);
  });

  test('is asked at once by a retry, and not at all when nothing waits any more', async () => {
    void controller.start(source('a'));
    await reply(0, new ApiProblem('busy', { retryAfterS: 60 }));
    void controller.retrySelected();
    await reply(1, new ApiProblem('busy', { retryAfterS: 60 }));
    expect(states()).toEqual(['held']);
    controller.remove(...jobs());
    await vi.advanceTimersByTimeAsync(120_000);
    expect(ask.calls).toHaveLength(2);
  });

  test('does not lose the photo that waits to the next one', async () => {
    void controller.start(source('a'));
    await reply(0, new ApiProblem('busy', { retryAfterS: 60 }));
    expect(states()).toEqual(['held']);
    void controller.start(source('b'));
    expect(jobs().map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

test('an edited photo is not replaced by the next one, but stands beside it', async () => {
  void controller.start(() => FILE);
  await asked(1);
  ask.calls[0].resolve('answer');
  await vi.waitFor(() => expect(last()[0]).toBe('showResult'));
  controller.jobs()[0].edits = 'edits';
  void controller.start(() => FILE);
  expect(controller.jobs()).toHaveLength(2);
});

describe('a newer photo', () => {
  test('aborts the older request and drops its answer', async () => {
    const first = controller.start(() => FILE);
    await asked(1);
    const second = controller.start(() => FILE);
    await asked(2);
    expect(ask.calls[0].args[1].signal.aborted).toBe(true);
    expect(ask.calls[1].args[1].signal.aborted).toBe(false);
    ask.calls[1].resolve('new');
    await second;
    ask.calls[0].resolve('old');
    await first;
    expect(record.shown.filter(([name]) => name === 'showResult')).toEqual([['showResult', 'new']]);
  });

  test('drops the progress of the older one', async () => {
    void controller.start(() => FILE);
    await asked(1);
    void controller.start(() => FILE);
    await asked(2);
    const before = record.shown.length;
    ask.calls[0].args[1].onStage({ name: 'working' });
    expect(record.shown).toHaveLength(before);
  });

  test('drops the failure of the older one', async () => {
    const first = controller.start(() => FILE);
    await asked(1);
    void controller.start(() => FILE);
    ask.calls[0].reject(new ApiProblem('server'));
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
    expect(ask.calls).toHaveLength(1);
  });

  test('wins while the picture of the older answer is being loaded', async () => {
    const loading = deferred();
    record.page.loadResult.mockImplementationOnce(loading.called);
    const first = controller.start(() => FILE);
    await asked(1);
    ask.calls[0].resolve('old');
    await vi.waitFor(() => expect(loading.calls).toHaveLength(1));
    controller.remove(...controller.jobs());
    loading.calls[0].resolve();
    await first;
    expect(record.names()).not.toContain('showResult');
  });
});

describe('taking away', () => {
  test('gives up the request and empties the page', async () => {
    const work = controller.start(() => FILE);
    await asked(1);
    controller.remove(...controller.jobs());
    const { signal } = ask.calls[0].args[1];
    expect(signal.aborted).toBe(true);
    ask.calls[0].reject(signal.reason);
    await work;
    expect(last()[0]).toBe('showEmpty');
  });

  test('leaves nothing to retry', async () => {
    controller.remove(...controller.jobs());
    await controller.retrySelected();
    expect(ask.calls).toHaveLength(0);
  });
});

describe('a failure', () => {
  /** @param {unknown} error */
  async function failWith(error) {
    const work = controller.start(() => FILE);
    await asked(1);
    ask.calls[0].reject(error);
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
    const again = controller.retrySelected();
    await asked(2);
    ask.calls[1].resolve('answer');
    await again;
    expect(prepare).toHaveBeenCalledOnce();
    expect(ask.calls[1].args[0]).toBe(IMAGE);
    expect(last()).toEqual(['showResult', 'answer']);
  });

  test('to open a photo can be retried too', async () => {
    const source = vi.fn().mockRejectedValueOnce(new ApiProblem('unreachable')).mockResolvedValue(FILE);
    await controller.start(source);
    expect(last()[1].kind).toBe('unreachable');
    void controller.retrySelected();
    await asked(1);
    expect(source).toHaveBeenCalledTimes(2);
  });

  test('of the page itself is shown and reaches the console', async () => {
    await expect(failWith(new TypeError('oops'))).rejects.toThrow('oops');
    expect(last()[1].kind).toBe('unexpected');
  });
});

describe('another model', () => {
  const answered = async (job = 0, answer = { model: 'a' }) => {
    await asked(job + 1);
    ask.calls[job].resolve(answer);
    await vi.waitFor(() => expect(last()).toEqual(['showResult', answer]));
  };

  test('is asked about the photo that is looked at, which is not opened anew', async () => {
    void controller.start(() => FILE);
    await answered();
    void controller.askAgain();
    await answered(1, { model: 'b' });
    expect(prepare).toHaveBeenCalledOnce();
  });

  test('leaves what the visitor corrected', async () => {
    void controller.start(() => FILE);
    await answered();
    record.page.showJobs.mock.lastCall[1].edits = {};
    await controller.askAgain();
    expect(ask.calls).toHaveLength(1);
  });

  test('is asked about nothing while nothing is there', async () => {
    await controller.askAgain();
    expect(ask.calls).toHaveLength(0);
  });
});

describe('stepping', () => {
  test('goes to the photo before and after, and no farther', async () => {
    void controller.start(() => FILE, () => FILE);
    const at = () => {
      const [jobs, selected] = record.page.showJobs.mock.lastCall;
      return jobs.indexOf(selected);
    };
    const places = [1, 1, -1, -1].map((by) => {
      controller.step(by);
      return at();
    });
    expect(places).toEqual([1, 1, 0, 0]);
  });
});
