import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { expectedWait, followQueue } from '../../../site/src/engines/remote/place.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** @param {(number | null)[]} waiting what each answer says, null for no answer */
function follow(waiting) {
  const places = [];
  const running = new AbortController();
  const ask = vi.fn(async () => {
    const many = waiting.shift() ?? null;
    return many === null ? null : { queue: { running: 2, waiting: many, capacity: 8 } };
  });
  followQueue({ ask, onPlace: (place) => places.push(place), secondsEach: () => 1, signal: running.signal });
  return { places, ask, running };
}

describe('the queue', () => {
  test('is not asked for before a second has passed', async () => {
    const { ask } = follow([1]);
    await vi.advanceTimersByTimeAsync(999);
    expect(ask).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ask).toHaveBeenCalledOnce();
  });

  test('only gets shorter before a picture: those who come later stand behind', async () => {
    const { places } = follow([3, 5, null, 1, 2]);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(places).toEqual([3, 3, 1, 1]);
  });

  test('is left alone once the answer is there', async () => {
    const { ask, running } = follow([3, 2, 1]);
    await vi.advanceTimersByTimeAsync(1_000);
    running.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledOnce();
  });
});

describe('the expected wait', () => {
  test.each([
    [0, 2, 3, 3],
    [1, 2, 3, 6],
    [4, 2, 3, 9],
    [4, 0, 0.1, 1],
    [4, 2, null, null],
  ])('at place %i of %i at once and %j s each is %j s', (place, running, each, seconds) => {
    expect(expectedWait(place, running, each)).toBe(seconds);
  });
});
