import { describe, expect, test, vi } from 'vitest';
import { createStandIn } from '../../../site/src/app/stand-in.js';

const PICTURE = { file: { name: 'dog.jpg' } };
const SENT = { name: 'dog.jpg', model: 'yolov3', timings: {} };
const COMPUTED = { name: 'dog.jpg', model: 'nano', timings: { decode: 4, inference: 96.4 } };
const MODEL = { name: 'nano', task: 'detection', door: 'detection' };
const BUSY = { kind: 'busy', retryAfterS: 3 };

function make({ kept = false, waitS = null, wanted = null, connection = {}, isReady = true, ms = null, consents = true, fails = null } = {}) {
  const kept_ = new Map(ms === null ? [] : [['device-ms', String(ms)]]);
  const parts = {
    engine: {
      id: 'device',
      place: 'device',
      run: vi.fn(async () => {
        if (fails) throw fails;
        return COMPUTED;
      }),
      models: async () => [MODEL],
      device: { model: 'nano', bytes: 5_000_000, isReady: async () => isReady, defaults: async () => ({ confidence: 0.3 }) },
    },
    server: { id: 'remote', place: 'server', run: vi.fn(async () => SENT) },
    isKept: () => kept,
    waitS: () => waitS,
    wanted: async () => wanted,
    connection,
    ask: vi.fn(async () => consents),
    showLoading: vi.fn(),
    onDefaults: vi.fn(),
    onFailed: vi.fn(),
    preferences: { recall: (key) => kept_.get(key) ?? null, remember: (key, value) => kept_.set(key, value) },
  };
  const options = { model: 'yolov3', fields: {}, signal: new AbortController().signal, onStage: vi.fn() };
  return { ...parts, kept: kept_, options, standIn: createStandIn(parts) };
}

describe('run', () => {
  test('computes here what is kept, with the device’s own model, and says so', async () => {
    const { standIn, options, engine, server, onDefaults, kept } = make({ kept: true });
    expect(await standIn.run(PICTURE, options)).toMatchObject({ model: 'nano', engine: 'device', place: 'device' });
    expect(engine.run.mock.calls[0][1].model).toBe(null);
    expect(server.run).not.toHaveBeenCalled();
    expect(onDefaults).toHaveBeenCalledWith({ confidence: 0.3 });
    expect(kept.get('device-ms')).toBe('100');
  });

  test.each([[null, 'device'], [30, 'device'], [0.05, 'server']])('the server would take %s s: by the %s', async (waitS, place) => {
    const { standIn, options } = make({ waitS, ms: 100 });
    expect(await standIn.run(PICTURE, options)).toMatchObject({ place });
  });

  test('what is loaded first counts', async () => {
    const slow = { connection: { downlink: 1 }, isReady: false, ms: 100 };
    expect(await make({ ...slow, waitS: 30 }).standIn.run(PICTURE, make().options)).toMatchObject({ place: 'server' });
    expect(await make({ ...slow, waitS: 60 }).standIn.run(PICTURE, make().options)).toMatchObject({ place: 'device' });
  });

  test('a task that the device has not is the server’s', async () => {
    const { standIn, options } = make({ wanted: 'classification' });
    expect(await standIn.run(PICTURE, options)).toMatchObject({ place: 'server' });
  });

  test.each([[{ saveData: true }], [{ type: 'cellular' }]])('asks first where bytes may cost something: %o', async (connection) => {
    const refused = make({ kept: true, connection, isReady: false, consents: false });
    await expect(refused.standIn.run(PICTURE, refused.options)).rejects.toMatchObject({ kind: 'device-refused' });
    expect(refused.engine.run).not.toHaveBeenCalled();
    const allowed = make({ kept: true, connection, isReady: false });
    await allowed.standIn.run(PICTURE, allowed.options);
    await allowed.standIn.run(PICTURE, allowed.options);
    expect(allowed.ask).toHaveBeenCalledTimes(1);
  });

  test('asks for nothing that is there already', async () => {
    const { standIn, options, ask } = make({ kept: true, connection: { saveData: true } });
    await standIn.run(PICTURE, options);
    expect(ask).not.toHaveBeenCalled();
  });

  test('tells how far the model is in words of its own', async () => {
    const { standIn, options, engine, showLoading } = make({ kept: true });
    await standIn.run(PICTURE, options);
    const loading = { name: 'loading', fraction: 0.5, bytes: 5, model: 'nano' };
    engine.run.mock.calls[0][1].onStage(loading);
    options.onStage.mock.calls[0][0].show();
    expect(showLoading).toHaveBeenCalledWith(loading);
    engine.run.mock.calls[0][1].onStage({ name: 'computing' });
    expect(options.onStage).toHaveBeenLastCalledWith({ name: 'computing' });
  });
});

describe('instead', () => {
  test.each([['unreachable'], ['timeout'], ['forbidden']])('stands in for a server that is %s', async (kind) => {
    const { standIn, options, onFailed } = make();
    expect(await standIn.instead({ kind }, PICTURE, options)).toMatchObject({ place: 'device' });
    expect(onFailed).toHaveBeenCalled();
  });

  test.each([[100, 'device'], [4_000, null]])('a device that takes %d ms against 3 s of waiting', async (ms, place) => {
    const { standIn, options } = make({ ms });
    const done = standIn.instead(BUSY, PICTURE, options);
    if (place) expect(await done).toMatchObject({ place });
    else await expect(done).rejects.toBe(BUSY);
  });

  test.each([[{ kind: 'not-an-image' }], [{ kind: 'server' }], [new Error('a mistake')]])('is not for %o', async (error) => {
    const { standIn, options } = make();
    await expect(standIn.instead(error, PICTURE, options)).rejects.toBe(error);
  });

  test('what the server says is told if the device cannot', async () => {
    const { standIn, options } = make({ fails: Object.assign(new Error(), { kind: 'device-loading' }) });
    await expect(standIn.instead(BUSY, PICTURE, options)).rejects.toBe(BUSY);
  });

  test('a mistake of the page’s own is not hidden', async () => {
    const mistake = new TypeError('x is undefined');
    const { standIn, options } = make({ fails: mistake });
    await expect(standIn.instead(BUSY, PICTURE, options)).rejects.toBe(mistake);
  });

  test('asks once for each photograph', async () => {
    const { standIn, options, ask } = make({ connection: { saveData: true }, isReady: false, consents: false });
    const error = { kind: 'unreachable' };
    await standIn.run(PICTURE, options);
    await expect(standIn.instead(error, PICTURE, options)).rejects.toBe(error);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('a photograph that is given up is not computed', async () => {
    const { standIn, options } = make({ fails: Object.assign(new Error(), { kind: 'device-failed' }) });
    const signal = AbortSignal.abort();
    await expect(standIn.instead(BUSY, PICTURE, { ...options, signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
