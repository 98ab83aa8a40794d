/** One picture on its way through the page: where it comes from, how far it is, what came of it. */

/** @typedef {import('../engines/contract.js').Answer} Answer */
/** @typedef {import('../engines/contract.js').Stage} Stage */
/** @typedef {import('../media/types.js').PreparedImage} PreparedImage */

/**
 * @typedef {((signal: AbortSignal) => File | Promise<File>) & {
 *   title?: string,
 *   work?: (job: Job, signal: AbortSignal, on: import('./run.js').On) => Promise<Answer | null>,
 * }} Source where a picture comes from; its title stands in for a name that is not known yet. work: its own way to an
 *   answer,
 *   if that is not a photograph's
 *
 * @typedef {{
 *   close: () => void,
 *   show: (view: import('./viewer.js').View) => void,
 *   isDrawnOnly: () => boolean,
 *   still: () => Promise<Blob>,
 * }} Player shows what moves, from the first time that something of it is shown. isDrawnOnly: whether there is only
 *   what the server drew; still: what is seen now, without marks
 *
 * @typedef {{
 *   id: number,
 *   source: Source,
 *   name: string,
 *   file: File | null,
 *   state: 'waiting' | 'working' | 'held' | 'result' | 'error',
 *   stage: 'opening' | 'sending',
 *   prepared: PreparedImage | null,
 *   fraction: number,
 *   timings: Readonly<Record<string, number>>,
 *   answer: Answer | null,
 *   plain: string | null,
 *   failure: import('./failure.js').Failure | null,
 *   tries: number,
 *   edits: any,
 *   savedEdits: any,
 *   abort: AbortController,
 *   told?: Stage,
 *   player?: Player,
 * }} Job held: turned away, and tried again by itself. file is the visitor's, `prepared` what is worked on; fraction is
 *   of the
 *   bytes sent, 0..1; timings are the page's own, in milliseconds; tries: in a row, without an answer; plain: the
 *   photograph
 *   without marks, once the server has given it; edits are the task's own, null where nothing was edited; savedEdits:
 *   those that
 *   were kept last; told: how far it is, in words; player: of a video that is done
 */

let last = 0;

/**
 * @param {Source} source
 * @returns {Job}
 */
export function createJob(source) {
  last += 1;
  return {
    id: last,
    source,
    name: source.title ?? '',
    state: 'waiting',
    stage: 'opening',
    file: null,
    prepared: null,
    fraction: 0,
    timings: {},
    answer: null,
    plain: null,
    failure: null,
    tries: 0,
    edits: null,
    savedEdits: null,
    abort: new AbortController(),
  };
}
