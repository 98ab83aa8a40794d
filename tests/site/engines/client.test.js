// A real HTTP server; fetch is Node's, what Node lacks of a browser is happy-dom's.

import { createServer } from 'node:http';
import { VirtualConsole, VirtualConsolePrinter, Window } from 'happy-dom';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../../site/src/engines/remote/client.js';
import { loadExample } from '../../../site/src/sources/example-file.js';
import { answer, status } from '../answers.js';

/** @type {import('node:http').Server} */
let server;
/** @type {(request: {method: string, url: string, body: string}, response: import('node:http').ServerResponse) => void} */
let handle;
let address = '';
/** @type {Window} */
let browser;
const closed = vi.fn();

beforeEach(async () => {
  server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    response.on('close', () => response.writableFinished || closed());
    request.on('end', () => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
      if (request.method === 'OPTIONS') return response.writeHead(204).end();
      return handle({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString('latin1') }, response);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${server.address().port}`;
  closed.mockReset();
  // A console that nobody reads: like a browser, happy-dom logs each request that fails.
  browser = new Window({ url: address, console: new VirtualConsole(new VirtualConsolePrinter()) });
  for (const name of ['XMLHttpRequest', 'FormData', 'File']) vi.stubGlobal(name, browser[name]);
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await browser.happyDOM.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const NodeFile = globalThis.File;
const imageOf = (upright) => ({ file: new File(['pixels'], 'my dog.jpg', { type: 'image/jpeg' }), upright, size: null });
const json = (response, code, body, headers = {}) =>
  response.writeHead(code, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
const ASKED = { task: null, model: null, fields: { candidates: 'true' } };
const run = (client, image = imageOf(true), signal = new AbortController().signal, onStage = () => {}) =>
  client.run(image, { ...ASKED, signal, onStage });

describe('run', () => {
  test('posts the file under its own name and says that it is upright', async () => {
    const seen = vi.fn();
    handle = (request, response) => {
      seen(request);
      json(response, 200, answer());
    };
    const found = await run(createClient(address));
    expect(found.json.detections[0].label).toBe('dog');
    const { method, url, body } = seen.mock.calls[0][0];
    expect([method, url]).toEqual(['POST', '/']);
    expect(body).toMatch(/name="file"; filename="my dog.jpg"/);
    expect(body).toMatch(/pixels/);
    expect(body).toMatch(/name="orientation"\r\n\r\n1\r\n/);
    expect(body).toMatch(/name="candidates"\r\n\r\ntrue\r\n/);
    expect(body).toMatch(/name="annotate"\r\n\r\ntrue\r\n/);
  });

  test('asks the route of a task, and for a model by its name', async () => {
    const seen = vi.fn();
    handle = (request, response) => {
      seen(request);
      json(response, 200, answer());
    };
    const more = { signal: new AbortController().signal, onStage: () => {} };
    await createClient(address).run(imageOf(true), { ...ASKED, task: 'classification', model: 'birds', ...more });
    const [{ url, body }] = seen.mock.calls[0];
    expect(url).toBe('/v1/classify');
    expect(body).toMatch(/name="model"\r\n\r\nbirds\r\n/);
  });

  test('leaves the orientation of an original to its own tag', async () => {
    const seen = vi.fn();
    handle = (request, response) => {
      seen(request.body);
      json(response, 200, answer());
    };
    await run(createClient(address), imageOf(false));
    expect(seen.mock.calls[0][0]).not.toMatch(/orientation/);
  });

  test.each(['', '/', '///'])('takes an address that ends in "%s"', async (end) => {
    handle = (request, response) => json(response, request.url === '/api/' ? 200 : 404, answer());
    await expect(run(createClient(`${address}/api${end}`))).resolves.toHaveProperty('model', 'yolov3');
  });

  test('tells a problem of the API with the time to wait', async () => {
    handle = (_, response) =>
      json(response, 503, { type: 'urn:pagesight:problem:busy', detail: 'Full.' }, { 'Retry-After': '5' });
    await expect(run(createClient(address))).rejects.toMatchObject({ kind: 'busy', detail: 'Full.', retryAfterS: 5 });
  });

  test('refuses a success that makes no sense', async () => {
    handle = (_, response) => json(response, 200, { width: 'many' });
    await expect(run(createClient(address))).rejects.toMatchObject({ kind: 'bad-answer' });
  });

  test('calls a server that is not there unreachable', async () => {
    handle = (_, response) => response.destroy();
    await expect(run(createClient(address))).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('ends the request when it is given up', async () => {
    const running = new AbortController();
    handle = () => running.abort();
    await expect(run(createClient(address), imageOf(true), running.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  test('sends nothing when it was given up before', async () => {
    handle = vi.fn();
    await expect(run(createClient(address), imageOf(true), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(handle).not.toHaveBeenCalled();
  });
});

describe('what happy-dom does not do: the progress and the limit of an upload', () => {
  /** An XMLHttpRequest of which the test plays the network. */
  class PlayedRequest extends EventTarget {
    /** @type {PlayedRequest} */
    static last;
    upload = new EventTarget();
    timeout = 0;
    status = 200;
    responseText = JSON.stringify(answer());
    open = vi.fn();
    send = vi.fn(() => {
      PlayedRequest.last = this;
    });
    abort = vi.fn();
    getAllResponseHeaders = () => 'content-type: application/json\r\n';
  }

  beforeEach(() => void vi.stubGlobal('XMLHttpRequest', PlayedRequest));

  test('the bytes that have gone out are told as a fraction', async () => {
    const onStage = vi.fn();
    const found = run(createClient(address), imageOf(true), undefined, onStage);
    const progress = (loaded, total) => Object.assign(new Event('progress'), { loaded, total });
    PlayedRequest.last.upload.dispatchEvent(progress(50, 200));
    PlayedRequest.last.upload.dispatchEvent(progress(0, 0));
    PlayedRequest.last.upload.dispatchEvent(new Event('load'));
    PlayedRequest.last.dispatchEvent(new Event('load'));
    await found;
    const sending = (fraction) => ({ name: 'sending', fraction });
    expect(onStage.mock.calls.flat()).toEqual([sending(0), sending(0.25), sending(0), { name: 'working' }]);
  });

  test('an upload may take long, as long as bytes go out; 30 seconds without one end it', async () => {
    vi.useFakeTimers();
    const found = run(createClient(address)).catch(({ kind }) => kind);
    for (let step = 1; step <= 10; step += 1) {
      vi.advanceTimersByTime(29_000);
      PlayedRequest.last.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded: step, total: 20 }));
    }
    expect(PlayedRequest.last.abort).not.toHaveBeenCalled();
    vi.advanceTimersByTime(30_000);
    expect(PlayedRequest.last.abort).toHaveBeenCalledOnce();
    vi.useRealTimers();
    expect(await found).toBe('timeout');
  });

  test('the server has 60 seconds for its work, and 30 for each further byte', async () => {
    vi.useFakeTimers();
    const onStage = vi.fn();
    const found = run(createClient(address), imageOf(true), undefined, onStage);
    PlayedRequest.last.upload.dispatchEvent(new Event('load'));
    vi.advanceTimersByTime(59_000);
    PlayedRequest.last.dispatchEvent(Object.assign(new Event('progress'), { loaded: 1 }));
    expect(onStage).toHaveBeenLastCalledWith({ name: 'receiving' });
    vi.advanceTimersByTime(29_000);
    PlayedRequest.last.dispatchEvent(new Event('load'));
    PlayedRequest.last.dispatchEvent(new Event('loadend'));
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await expect(found).resolves.toHaveProperty('model', 'yolov3');
    expect(PlayedRequest.last.abort).not.toHaveBeenCalled();
  });

  test('an answer without end is cut off', async () => {
    const found = run(createClient(address));
    PlayedRequest.last.dispatchEvent(Object.assign(new Event('progress'), { loaded: 33 * 1024 * 1024 }));
    await expect(found).rejects.toMatchObject({ kind: 'bad-answer' });
    expect(PlayedRequest.last.abort).toHaveBeenCalledOnce();
  });

  test.each(['https://elsewhere.example/', '/other'])('an answer from %s is none', async (path) => {
    const found = run(createClient(address));
    PlayedRequest.last.responseURL = new URL(path, address).href;
    PlayedRequest.last.dispatchEvent(new Event('load'));
    await expect(found).rejects.toMatchObject({ kind: 'bad-answer' });
  });

  test('a request that has ended no longer listens to its signal', async () => {
    const running = new AbortController();
    const found = run(createClient(address), imageOf(true), running.signal);
    PlayedRequest.last.dispatchEvent(new Event('load'));
    PlayedRequest.last.dispatchEvent(new Event('loadend'));
    await found;
    running.abort();
    expect(PlayedRequest.last.abort).not.toHaveBeenCalled();
  });
});

describe('labels', () => {
  test('asks /v1/labels for a model', async () => {
    handle = (request, response) => json(response, request.url === '/v1/labels?model=a+b' ? 200 : 404, { model: 'a b', labels: ['ant', 'bee'] });
    await expect(createClient(address).labels('a b')).resolves.toEqual(['ant', 'bee']);
  });

  test.each([{ labels: 'ant' }, { labels: [1] }, {}])('refuses %j', async (body) => {
    handle = (_request, response) => json(response, 200, body);
    await expect(createClient(address).labels('m')).rejects.toMatchObject({ kind: 'bad-answer' });
  });
});

describe('status', () => {
  test('asks /status_check', async () => {
    handle = (request, response) => json(response, request.url === '/status_check' ? 200 : 404, status());
    await expect(createClient(address).status()).resolves.toMatchObject({ light: 'online', model: 'yolov3' });
  });

  test('does not wait for ever', async () => {
    handle = () => {};
    await expect(createClient(address, { statusLimitMs: 50 }).status()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('follows no redirect', async () => {
    handle = (request, response) => {
      if (request.url === '/status_check') response.writeHead(302, { Location: '/elsewhere' }).end();
      else json(response, 200, status());
    };
    await expect(createClient(address).status()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('takes no other page for an answer', async () => {
    handle = (_, response) => response.writeHead(404).end('<html>');
    await expect(createClient(address).status()).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('loadExample', () => {
  beforeEach(() => void vi.stubGlobal('File', NodeFile)); // what Node's fetch gives is Node's own kind of Blob

  test('makes a file of a photograph of the page', async () => {
    handle = (_, response) => response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end('pixels');
    const file = await loadExample({ url: `${address}/dog.jpg`, name: 'dog.jpg' }, new AbortController().signal);
    expect([file.name, file.type, await file.text()]).toEqual(['dog.jpg', 'image/jpeg', 'pixels']);
  });

  test('calls one that is missing unreachable', async () => {
    handle = (_, response) => response.writeHead(404).end();
    const loading = loadExample({ url: `${address}/dog.jpg`, name: 'dog.jpg' }, new AbortController().signal);
    await expect(loading).rejects.toMatchObject({ kind: 'unreachable' });
  });
});
