// The server's end is altcha-lib's, and so is the work; only the browser's worker is stood in for.

import { createChallenge, solveChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prove } from '../../../site/src/engines/remote/proof.js';
import { texts } from '../../../site/src/texts/texts.js';

const SECRET = { hmacSignatureSecret: 'one secret', hmacKeySignatureSecret: 'another' };
const OK = { status: 200, body: '{}', retryAfter: null };

/** Works as proof-worker.js does, on the same thread. */
class StandInWorker extends EventTarget {
  static started = 0;
  #controller = new AbortController();

  constructor() {
    super();
    StandInWorker.started += 1;
  }

  async postMessage({ type, ...order }) {
    if (type === 'abort') return this.#controller.abort();
    const data = await solveChallenge({ ...order, deriveKey, controller: this.#controller });
    return this.dispatchEvent(new MessageEvent('message', { data }));
  }

  terminate() {
    this.#controller.abort();
  }
}

/** @param {number} counter the number that is to be found */
async function refusal(counter = 40) {
  const challenge = await createChallenge({ algorithm: 'PBKDF2/SHA-256', cost: 10, counter, deriveKey, ...SECRET });
  return { status: 429, body: JSON.stringify({ title: 'Prove it', challenge }), retryAfter: '7' };
}

/** @param {string} proof */
async function isRight(proof) {
  return (await verifySolution({ ...JSON.parse(atob(proof)), deriveKey, ...SECRET })).verified;
}

/** Ask with answers that come in turn. */
function asking(...answers) {
  const proofs = [];
  const stages = [];
  const abort = new AbortController();
  const send = vi.fn(async (proof) => {
    proofs.push(proof);
    return answers[proofs.length - 1];
  });
  const options = { signal: abort.signal, onStage: (stage) => stages.push(stage) };
  return { proofs, stages, abort, send, options };
}

beforeEach(() => {
  StandInWorker.started = 0;
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('Worker', StandInWorker);
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
});

afterEach(() => vi.unstubAllGlobals());

test('the same is sent again with a proof, and it is said why that takes a moment', async () => {
  const { proofs, stages, send, options } = asking(OK);
  expect(await prove(await refusal(), send, options)).toBe(OK);
  expect(proofs).toHaveLength(1);
  expect(await isRight(proofs[0])).toBe(true);
  expect(stages).toEqual([{ name: 'proving', words: texts.steps.proving }]);
  expect(StandInWorker.started).toBe(2);
});

test('a server that was started anew meanwhile asks again', async () => {
  const { proofs, send, options } = asking(await refusal(), OK);
  expect(await prove(await refusal(), send, options)).toBe(OK);
  expect(proofs).toHaveLength(2);
  expect(proofs[0]).not.toBe(proofs[1]);
});

test('a server that takes no proof is not asked for ever', async () => {
  const last = await refusal();
  const { send, options } = asking(await refusal(), await refusal(), last, OK);
  expect(await prove(await refusal(), send, options)).toBe(last);
  expect(send).toHaveBeenCalledTimes(3);
});

test('what is given up is not sent', async () => {
  const { send, options, abort } = asking(OK);
  const proving = prove(await refusal(1e6), send, options);
  await vi.waitFor(() => expect(StandInWorker.started).toBe(2));
  abort.abort(new Error('The visitor has gone.'));
  await expect(proving).rejects.toThrow('The visitor has gone.');
  expect(send).not.toHaveBeenCalled();
});

test.each([
  ['no cryptography, as without https', () => vi.stubGlobal('isSecureContext', false)],
  ['no workers', () => vi.stubGlobal('Worker', undefined)],
])('a browser that has %s tells what the server said', async (_, lose) => {
  lose();
  const { send, options } = asking(OK);
  const answer = await refusal();
  expect(await prove(answer, send, options)).toBe(answer);
  expect(send).not.toHaveBeenCalled();
});

test.each(['<h1>A proxy</h1>', '{"challenge": null}', '{"challenge": "x"}', '[]', 'null', ''])(
  'an answer that asks for no proof stays as it is: %s',
  async (body) => {
    const { send, options } = asking(OK);
    const answer = { status: 429, body, retryAfter: null };
    expect(await prove(answer, send, options)).toBe(answer);
    expect(send).not.toHaveBeenCalled();
  },
);
