import { describe, expect, test } from 'vitest';
import { createTrack } from '../../../../site/src/app/video/track.js';

const trackOf = (...times) => createTrack({ frames: times.map((time) => ({ time_s: time })), parse: ({ time_s: time }) => `at ${time}` });
const TRACK = trackOf(0, 0.2, 0.4, 1);

describe('a moment', () => {
  test.each([
    ['on an analysed frame', 0.2, { index: 1, near: 'at 0.2', other: null, share: 0 }],
    ['nearer to the frame before', 0.25, { index: 1, near: 'at 0.2', other: 'at 0.4', share: 0.25 }],
    ['nearer to the frame after', 0.85, { index: 3, near: 'at 1', other: 'at 0.4', share: 0.25 }],
    ['after the last frame', 3, { index: 3, near: 'at 1', other: null, share: 0 }],
  ])('%s', (_, timeS, { share, ...expected }) => {
    const moment = TRACK.at(timeS);
    expect(moment).toMatchObject({ timeS, ...expected });
    expect(moment.share).toBeCloseTo(share, 9);
  });

  test('before the first frame has that one', () => {
    expect(trackOf(0.5, 1).at(0.1)).toMatchObject({ index: 0, near: 'at 0.5', other: null });
  });

  test('does not jump where the other frame becomes the nearer one', () => {
    const track = createTrack({ frames: [{ time_s: 0 }, { time_s: 1 }], parse: ({ time_s: time }) => time });
    for (const timeS of [0, 0.2, 0.5 - 1e-9, 0.5 + 1e-9, 0.9]) {
      const { near, other, share } = track.at(timeS);
      expect(near + ((other ?? near) - near) * share).toBeCloseTo(timeS, 6);
    }
  });
});

test('each frame is read once', () => {
  const read = [];
  const track = createTrack({ frames: [{ time_s: 0 }, { time_s: 1 }], parse: ({ time_s: time }) => (read.push(time), time) });
  [0, 0.3, 0.6, 1, 0.3].forEach((timeS) => track.at(timeS));
  expect(read).toEqual([0, 1]);
});

describe('a step', () => {
  test.each([
    ['on from a frame', 0.2, 1, 0.4],
    ['back from a frame', 0.4, -1, 0.2],
    ['on from a little behind a frame', 0.201, 1, 0.4],
    ['back from a little behind a frame', 0.401, -1, 0.2],
    ['on from between two frames', 0.3, 1, 0.4],
    ['back from between two frames', 0.3, -1, 0.2],
    ['on from the last frame', 1, 1, 1],
    ['back from the first frame', 0, -1, 0],
  ])('goes %s', (_, from, by, to) => {
    expect(TRACK.step(from, by)).toBe(to);
  });
});
