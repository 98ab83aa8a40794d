/**
 * Types only.
 *
 * @typedef {Readonly<{id: number, name: string, label: number | null, kept: boolean}>} Photograph label: a place among the
 *   labels, null if it is in the trash. kept: a person has decided that it is right
 *
 * @typedef {Readonly<{id: number, said: number | null, score: number}>} Doubt said: the label that the model takes it for, null
 *   if there is none of that name any more; score: 0..1, 1 for surely wrong
 *
 * @typedef {Readonly<{one: number, other: number, across: boolean, kept: boolean}>} Pair of photographs that are nearly the
 *   same. across: one is learnt from, and the other is what is tested on; kept: both stay
 *
 * @typedef {Readonly<{do: 'relabel' | 'delete' | 'keep' | 'keep-both', many: number}>} Undoable what undoing takes back
 *
 * @typedef {Readonly<{name: string, made: string, doubts: readonly Doubt[], pairs: readonly Pair[]}>} Run a training, and what
 *   it makes doubtful, the worst first
 *
 * @typedef {Readonly<{
 *   folder: string,
 *   labels: readonly string[],
 *   photographs: ReadonlyMap<number, Photograph>,
 *   run: Run | null,
 *   refused: readonly Readonly<{name: string, reason: string}>[],
 *   undo: Undoable | null,
 * }>} State
 *
 * @typedef {Readonly<{
 *   did: Undoable['do'],
 *   undone: boolean,
 *   photographs: readonly Photograph[],
 *   pair: readonly [number, number] | null,
 *   undo: Undoable | null,
 * }>} Answer to a decision
 *
 * @typedef {'doubts' | 'pairs' | 'all'} View
 */

export {};
