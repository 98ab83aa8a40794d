/** From a picture to an answer: the engine computes, and the task that the answer is of reads it. */

import { learnLabels } from '../texts/texts.js';

/** @typedef {import('../engines/contract.js').Answer} Answer */
/** @typedef {import('../engines/contract.js').Engine} Engine */
/** @typedef {import('../engines/contract.js').Stage} Stage */
/** @typedef {import('../media/types.js').PreparedImage} PreparedImage */
/** @typedef {import('../tasks/contract.js').AnyTask} AnyTask */

/**
 * @param {{
 *   engine: () => Engine,
 *   tasks: readonly AnyTask[],
 *   model: () => Promise<string | null>,
 *   displayWidth: (size: PreparedImage['size']) => number,
 *   instead?: (error: unknown, picture: PreparedImage, options: Parameters<Engine['run']>[1]) => ReturnType<Engine['run']>,
 * }} parts model: the name of the one that is asked, null for the engine's first; displayWidth: how wide a picture will
 *   be shown, in CSS pixels. instead: computes it elsewhere, or throws the error why it was not computed
 */
export function createAsk({ engine, tasks, model, displayWidth, instead }) {
  // Which task a server's first model has is told by its answer, and a server passes over the fields of other tasks.
  const fields = Object.assign({}, ...tasks.map((task) => task.fields));

  /** Of what is asked now. */
  let own = new AbortController();

  /**
   * @param {PreparedImage} picture
   * @param {{signal: AbortSignal, onStage: (stage: Stage) => void}} options
   * @returns {Promise<Answer>}
   */
  async function ask(picture, options) {
    void tasks[0]?.load?.().catch(() => {}); // most likely needed, and told below when it is
    const learnt = learnLabels();
    const { run, id, place } = engine();
    const shown = { display_width: String(displayWidth(picture.size)) }; // so that what is drawn can be read there
    const asked = { task: null, model: await model(), fields: { ...fields, ...shown }, ...options };
    const attempt = (own = new AbortController());
    options.signal.addEventListener('abort', () => attempt.abort(options.signal.reason), { once: true });
    const { json, ...answer } = await run(picture, { ...asked, signal: attempt.signal }).catch((error) => {
      if (!instead || options.signal.aborted) throw error;
      return instead(error, picture, asked);
    });
    const task = await taskOf(answer, tasks);
    await learnt;
    const size = { width: answer.width, height: answer.height };
    return Object.freeze({ engine: id, place, ...answer, result: task.parse(json, size) });
  }

  return {
    ask,

    /** Give up what the server has, as if it had asked to wait for so long. @param {number} retryAfterS */
    leave: (retryAfterS) => own.abort(Object.assign(new Error('It takes too long.'), { kind: 'busy', retryAfterS })),
  };
}

/**
 * The task that an answer is of, loaded.
 *
 * @param {{task: string}} answer
 * @param {readonly AnyTask[]} tasks
 */
export async function taskOf(answer, tasks) {
  const task = tasks.find((one) => one.id === answer.task);
  if (!task) throw Object.assign(new Error(`This page knows no task "${answer.task}".`), { kind: 'bad-answer' });
  await task.load?.().catch((cause) => {
    throw Object.assign(new Error(`The task "${task.id}" cannot be loaded.`, { cause }), { kind: 'missing-part' });
  });
  return task;
}
