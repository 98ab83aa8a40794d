/**
 * Proof of work, where a server asks for it above a rate (ALTCHA, version 2). Nobody has to click, and nobody else is asked.
 * Loaded with the first challenge.
 */

import { solveChallengeWorkers } from 'altcha-lib';
import { texts } from '../../texts/texts.js';

/** @typedef {import('altcha-lib/types').Challenge} Challenge */
/** @typedef {import('../contract.js').Stage} Stage */
/** @typedef {Awaited<ReturnType<typeof import('./post.js').post>>} Posted */

const TOO_OFTEN = 429;
const MOST = 3; // a proof is refused if the server was started anew meanwhile
const WORKERS = 4;
const PATIENCE_MS = 120_000;

/**
 * Work on what an answer asks for, send the same again with the proof, and so on until no more is asked for.
 *
 * @param {Posted} answer
 * @param {(proof: string) => Promise<Posted>} send
 * @param {{signal: AbortSignal, onStage: (stage: Stage) => void}} options
 * @returns {Promise<Posted>} the last answer: one that asks again, if this browser cannot do it
 */
export async function prove(answer, send, { signal, onStage }) {
  for (let tries = 0; tries < MOST; tries += 1) {
    const challenge = challengeOf(answer);
    if (!challenge) break;
    onStage({ name: 'proving', words: texts.steps.proving });
    const solution = await solve(challenge, signal);
    signal.throwIfAborted();
    if (!solution) break;
    answer = await send(btoa(JSON.stringify({ challenge, solution })));
  }
  return answer;
}

/** @param {Posted} answer @returns {Challenge | null} */
function challengeOf({ status, body }) {
  if (status !== TOO_OFTEN || !globalThis.isSecureContext) return null; // elsewhere browsers have no cryptography
  try {
    const challenge = JSON.parse(body)?.challenge;
    return challenge?.parameters ? challenge : null;
  } catch {
    return null;
  }
}

/**
 * @param {Challenge} challenge
 * @param {AbortSignal} signal
 */
async function solve(challenge, signal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort);
  try {
    return await solveChallengeWorkers({
      challenge,
      controller,
      concurrency: Math.min(navigator.hardwareConcurrency || 1, WORKERS),
      createWorker: () => new Worker(new URL('./proof-worker.js', import.meta.url), { type: 'module' }),
      timeout: PATIENCE_MS,
    });
  } catch {
    return null; // the worker cannot be loaded, or cannot do it
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
