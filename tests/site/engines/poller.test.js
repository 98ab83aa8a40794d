import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPoller } from '../../../site/src/engines/remote/poller.js';

const ONLINE = { light: 'online', model: 'yolov3' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** @param {() => Promise<object>} ask */
function pollerOf(ask, isWatched = () => true) {
  const lights = [];
  const asked = vi.fn(ask);
  const poller = createPoller({ ask: asked, isWatched, onStatus: ({ light }) => lights.push(light) });
  return { poller, asked, lights };
}

describe('the poller', () => {
  test('is connecting until the first answer', async () => {
    const { poller, lights } = pollerOf(async () => ONLINE);
    const started = poller.start();
    expect(lights).toEqual(['connecting']);
    await started;
    expect(lights).toEqual(['connecting', 'online']);
    poller.stop();
  });

  test('asks every 30 seconds', async () => {
    const { poller, asked } = pollerOf(async () => ONLINE);
    await poller.start();
    await vi.advanceTimersByTimeAsync(29_999);
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(4);
    poller.stop();
  });

  test('asks at once when told to', async () => {
    const { poller, asked } = pollerOf(async () => ONLINE);
    await poller.check();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test('does not ask for a tab that nobody sees', async () => {
    const { poller, asked } = pollerOf(async () => ONLINE, () => false);
    await poller.start();
    await vi.advanceTimersByTimeAsync(90_000);
    expect(asked).toHaveBeenCalledTimes(1);
    poller.stop();
  });

  test('turns offline when there is no answer, and back', async () => {
    let fails = true;
    const { poller, lights } = pollerOf(async () => {
      if (fails) throw new Error('unreachable');
      return ONLINE;
    });
    await poller.check();
    fails = false;
    await poller.check();
    expect(lights).toEqual(['offline', 'online']);
  });

  test('asks again after 2, 4, 8, 16, 30, 30 seconds while there is no answer', async () => {
    let fails = true;
    const { poller, asked } = pollerOf(async () => {
      if (fails) throw new Error('unreachable');
      return ONLINE;
    });
    await poller.start();
    for (const [index, seconds] of [2, 4, 8, 16, 30, 30].entries()) {
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(asked).toHaveBeenCalledTimes(index + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(asked).toHaveBeenCalledTimes(index + 2);
    }
    fails = false;
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(asked).toHaveBeenCalledTimes(8);
    poller.stop();
  });

  test('drops an answer that a newer one has overtaken', async () => {
    const answers = [];
    const { poller, lights } = pollerOf(() => new Promise((resolve) => answers.push(resolve)));
    const slow = poller.check();
    const quick = poller.check();
    answers[1](ONLINE);
    await quick;
    answers[0]({ light: 'busy', model: 'yolov3' });
    await slow;
    expect(lights).toEqual(['online']);
  });

  test('says nothing more once it is stopped', async () => {
    const { poller, asked, lights } = pollerOf(async () => ONLINE);
    const started = poller.start();
    poller.stop();
    await started;
    await vi.advanceTimersByTimeAsync(90_000);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(lights).toEqual(['connecting']);
  });
});
