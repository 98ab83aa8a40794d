import { describe, expect, test, vi } from 'vitest';
import { createModels } from '../../../site/src/app/models.js';

const TASKS = [{ id: 'detection' }, { id: 'segmentation' }];
const TWO = [
  { name: 'first', task: 'detection' },
  { name: 'second', task: 'segmentation' },
];

/** @param {object} engine @param {string} [wanted] */
function make(engine, wanted = '') {
  const show = vi.fn();
  return { show, models: createModels({ engine: () => engine, tasks: TASKS, wanted: () => wanted, show }) };
}

describe('models', () => {
  test('are offered where there is more than one that the page knows', async () => {
    const { show, models } = make({ models: async () => [...TWO, { name: 'third', task: 'tasting' }] }, 'second');
    await models.load();
    expect(show).toHaveBeenLastCalledWith(TWO, 'second');
  });

  test.each([
    ['one', { models: async () => TWO.slice(0, 1) }],
    ['an engine that names none', {}],
  ])('are not offered of %s', async (_, engine) => {
    const { show, models } = make(engine);
    await models.load();
    expect(show).toHaveBeenLastCalledWith([], '');
  });

  test('are asked for once, and again if they could not be had', async () => {
    const ask = vi.fn(async () => TWO).mockRejectedValueOnce(new Error('away'));
    const { show, models } = make({ models: ask });
    await models.load();
    expect(show).not.toHaveBeenCalled();
    await models.load();
    await models.load();
    expect(ask).toHaveBeenCalledTimes(2);
    expect(show).toHaveBeenLastCalledWith(TWO, 'first');
  });

  test('are not waited for while nobody names one', async () => {
    const ask = vi.fn();
    expect(await make({ models: ask }).models.current()).toBeNull();
    expect(ask).not.toHaveBeenCalled();
  });

  test.each([
    ['second', 'second'],
    ['nowhere', null],
  ])('named %s is asked for as %s', async (wanted, asked) => {
    expect(await make({ models: async () => TWO }, wanted).models.current()).toBe(asked);
  });
});
