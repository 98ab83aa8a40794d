/** A chain that went no further: its gate said no, in the owner's words (openapi.yaml, `stopped`). */

import { words } from '../texts/tasks/words.js';
import { objectOf, textOf } from './checks.js';

/** @typedef {Readonly<{by: string, reason: string}>} Stopped by: the model that said no */

/**
 * @param {Readonly<Record<string, unknown>>} json an answer
 * @returns {Readonly<{stopped?: Stopped}>}
 * @throws {import('./checks.js').BadAnswer}
 */
export function stoppedIn({ stopped }) {
  if (stopped === undefined || stopped === null) return {};
  const { by, reason } = objectOf(stopped);
  return { stopped: Object.freeze({ by: textOf(by), reason: textOf(reason) }) };
}

/**
 * What is said in place of "nothing found".
 *
 * @param {Stopped} stopped
 * @returns {import('./contract.js').Words}
 */
export function wordsOfStop({ by, reason }) {
  const { title: unexplained, sentence: sentenceOf, alt } = words.stopped;
  const [title, sentence] = [reason || unexplained, sentenceOf(by)];
  return { title, sentence, spoken: `${title} ${sentence}`, alt: alt(title) };
}
