import { describe, expect, test, vi } from 'vitest';
import { createModels } from '../../../site/src/app/models.js';

const TASKS = [{ id: 'detection' }, { id: 'segmentation' }];
const TWO = [
  { name: 'first', task: 'detection' },
  { name: 'second', task: 'segmentation' },
];

const MANY = [
  { name: 'things', task: 'detection' },
  { name: 'yunet', task: 'detection', door: 'faces' },
  { name: 'areas', task: 'segmentation' },
  { name: 'scrfd', task: 'detection', door: 'faces' },
];

/** @param {object} engine @param {string} [model] @param {string} [task] */
function make(engine, model = '', task = '') {
  const show = vi.fn();
  return { show, models: createModels({ engine: () => engine, tasks: TASKS, named: () => ({ model, task }), show }) };
}

describe('models', () => {
  test('are offered where there is more than one that the page knows', async () => {
    const { show, models } = make({ models: async () => [...TWO, { name: 'third', task: 'tasting' }] }, 'second');
    await models.load();
    expect(show).toHaveBeenLastCalledWith({ models: TWO, current: 'second', doors: ['detection', 'segmentation'], task: '' });
  });

  test.each([
    ['one', { models: async () => TWO.slice(0, 1) }],
    ['an engine that names none', {}],
  ])('are not offered of %s', async (_, engine) => {
    const { show, models } = make(engine);
    await models.load();
    expect(show).toHaveBeenLastCalledWith({ models: [], current: '', doors: [], task: '' });
  });

  test('are asked for once, and again if they could not be had', async () => {
    const ask = vi.fn(async () => TWO).mockRejectedValueOnce(new Error('away'));
    const { show, models } = make({ models: ask });
    await models.load();
    expect(show).not.toHaveBeenCalled();
    await models.load();
    await models.load();
    expect(ask).toHaveBeenCalledTimes(2);
    expect(show).toHaveBeenLastCalledWith(expect.objectContaining({ models: TWO, current: 'first' }));
  });

  test.each([
    ['second', 'second'],
    ['nowhere', null],
  ])('named %s is asked for as %s', async (wanted, asked) => {
    expect(await make({ models: async () => TWO }, wanted).models.current()).toBe(asked);
  });

  test('of the task that is named come first, and the first of them is asked', async () => {
    const { show, models } = make({ models: async () => MANY }, '', 'faces');
    expect(await models.current()).toBe('yunet');
    const { models: offered, doors } = show.mock.lastCall[0];
    expect(offered.map(({ name }) => name)).toEqual(['yunet', 'scrfd', 'things', 'areas']);
    expect(doors).toEqual(['detection', 'faces', 'segmentation']);
  });

  test('have no doors if all are of one task', async () => {
    const { show, models } = make({ models: async () => MANY.filter(({ door }) => door) });
    await models.load();
    expect(show.mock.lastCall[0]).toMatchObject({ models: [{ name: 'yunet' }, { name: 'scrfd' }], doors: [] });
  });

  test.each([
    ['', 'things', { task: '', model: '' }],
    ['', 'yunet', { task: '', model: 'yunet' }],
    ['faces', 'yunet', { task: 'faces', model: '' }],
    ['faces', 'scrfd', { task: 'faces', model: 'scrfd' }],
    ['faces', 'areas', { task: '', model: 'areas' }],
    ['faces', 'things', { task: '', model: '' }],
    ['nothing', 'areas', { task: '', model: 'areas' }],
  ])('with task "%s" and model %s chosen the address says %j', async (task, name, said) => {
    const { models } = make({ models: async () => MANY }, '', task);
    await models.load();
    expect(models.naming(name)).toEqual(said);
  });

  test('are known with the others that do the same', async () => {
    const { models } = make({ models: async () => MANY });
    await models.load();
    expect(models.like('yunet')).toEqual(['scrfd']);
    expect(models.like('areas')).toEqual([]);
  });
});
