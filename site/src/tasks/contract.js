/**
 * What can be asked of a picture, and what is shown of the answer. A task is one folder and one line in registry.js. Types
 * only; of the four type parameters each task has its own, and nobody else looks into them.
 *
 * @typedef {import('../marks/types.js').MarkGroup} MarkGroup
 * @typedef {import('../media/types.js').Size} Size
 * @typedef {import('../save/formats.js').Format} Format
 *
 * @typedef {Readonly<{
 *   label: string,
 *   figure: string,
 *   share: number,
 *   colour: string,
 *   note?: string,
 *   isHidden?: boolean,
 *   toggle?: object,
 * }>} Row beside the picture. figure: how sure, or how much, in words; share: the same as a bar, 0..1. note: what more is said of it. toggle: the change of
 *   the task's choice that hides it, or shows it again
 *
 * @typedef {Readonly<{title: string, sentence: string, spoken: string, alt: string}>} Words spoken: what is read out; alt: the
 *   picture's alternative text
 *
 * @typedef {Readonly<{isAdjustable: boolean}>} AnyShown isAdjustable: whether there is anything to choose from
 */

/**
 * @template C
 * @typedef {Readonly<{
 *   defaults: C,
 *   told?: (defaults: Readonly<Record<string, unknown>>) => C,
 *   read: (values: URLSearchParams, start: C) => C,
 *   write: (choice: C, start: C) => (readonly [key: string, value: string])[],
 * }>} ChoiceForm what the visitor can choose to see. defaults: what shows just what was
 *   answered; told: the same of a server that tells its own, of which nothing is believed. read: from a page's
 *   address, of which nothing is believed. write: what differs from `start`
 */

/**
 * @template R
 * @typedef {Readonly<{
 *   ask: (request: {model?: string, fields: Readonly<Record<string, string>>, signal: AbortSignal}) => Promise<R>,
 *   card: () => Promise<import('../engines/contract.js').Model | null>,
 *   others: () => Promise<readonly string[]>,
 *   learn: (before: R, after: R) => void,
 * }>} Further what else can be known of the photograph that is looked at. ask: once more, with other fields, or another model;
 *   throws as an engine does. card: of the model that answered. others: models that do the same. learn: the result of
 *   the answer, if it is still `before`, is `after`
 */

/**
 * @template C, S, R
 * @typedef {(parts: {
 *   main: HTMLElement,
 *   more: HTMLElement,
 *   onChoice: (change: Partial<C>) => void,
 *   onSettled: () => void,
 *   onSave: (format: Format) => Promise<void>,
 *   further: () => Promise<Further<R>>,
 * }) => {show: (view: {choice: C, shown: S, isEdited: boolean}) => void, remove: () => void}} CreateControls main: always
 *   seen; more: folded away. onChoice follows every move, onSettled comes when the hand is off. onSave: keeps what is looked at
 */

/**
 * @template R, S, E
 * @typedef {{startEditing: (parts: {
 *   result: R,
 *   shown: S,
 *   edits: E | null,
 *   size: Size,
 *   labels: Promise<readonly string[]>,
 *   overlay: import('../view/overlay.js').Overlay,
 *   announce: (text: string) => void,
 *   light: (index: number | null) => void,
 *   onEdit: (edits: E | null) => void,
 * }) => {stop: () => void}}} Editing
 */

/**
 * @typedef {Readonly<{
 *   name: string,
 *   label: string,
 *   classId: number,
 *   colour: string,
 *   confidence: number,
 *   fromS: number,
 *   toS: number,
 * }>} Thing one object that was followed through a video, and when it was there. name: with its number
 *
 * @typedef {Readonly<{
 *   name: string,
 *   size: Size,
 *   frames: readonly Readonly<{timeS: number, shown: any}>[],
 *   labels: () => Promise<readonly string[]>,
 * }>} FramesSubject what is kept of a video: what is shown of each analysed frame. name: of the file, harmless
 *
 * @typedef {Readonly<{
 *   id: string,
 *   label: () => string,
 *   hint: () => string,
 *   make: (subject: FramesSubject) => Promise<{name: string, content: Blob}>,
 * }>} FramesFormat
 */

/**
 * @template R, S, C
 * @typedef {Readonly<{
 *   parse?: (json: Readonly<Record<string, unknown>>, size: Size) => R,
 *   between?: (shown: S, other: R, share: number) => S,
 *   things?: (json: Readonly<Record<string, unknown>>) => readonly Thing[],
 *   isSeen?: (thing: Thing, choice: C) => boolean,
 *   glance?: (json: Readonly<Record<string, unknown>>) => readonly Row[],
 *   choose?: (choice: C) => C,
 *   finish?: (shown: S, things: readonly Thing[], choice: C) => S,
 *   rows?: (rows: readonly Row[], shown: S) => readonly Row[],
 *   controls?: CreateControls<C, S, R>,
 *   formats?: readonly FramesFormat[],
 * }>} Frames what is different of a task's results if they are the frames of a video. parse: of one frame. between: what is shown
 *   between two analysed frames, of which `shown` is the nearer one, and `share`, 0..0.5, how far it is to the other. things: of
 *   the whole answer, those that were followed; isSeen: whether the choice lets one be seen. glance: the rows of a frame for the
 *   timeline, without reading all of it. choose: the choice, without what cannot be had; finish: the same of
 *   what is shown, and what is said of the whole video
 */

/**
 * @template R, S, C
 * @typedef {Readonly<{
 *   fieldsOf: (choice: C) => Readonly<Record<string, string | number>>,
 *   refine: (result: R, choice: C, before: S | null) => S,
 * }>} Live what is different of a task's results if they are frames of a camera. before: what was shown of the frame before
 */

/**
 * @template R, S, C, E
 * @typedef {Readonly<{
 *   id: string,
 *   load?: () => Promise<void>,
 *   fields: Readonly<Record<string, string>>,
 *   fieldsOf: (choice: C) => Readonly<Record<string, string | number>>,
 *   parse: (json: Readonly<Record<string, unknown>>, size: Size) => R,
 *   choice: ChoiceForm<C>,
 *   refine: (result: R, choice: C, edits: E | null) => S,
 *   isEdited?: (edits: E) => boolean,
 *   discard?: (edits: E) => Promise<E>,
 *   marks: (shown: S) => readonly MarkGroup[],
 *   covered?: (shown: S) => readonly import('../marks/types.js').Box[],
 *   rows: (shown: S) => readonly Row[],
 *   words: (shown: S) => Words,
 *   controls?: CreateControls<C, S, R>,
 *   formats: readonly Format[],
 *   edit?: () => Promise<Editing<R, S, E>>,
 *   frames?: () => Promise<Frames<R, S, C>>,
 *   live?: () => Promise<Live<R, S, C>>,
 * }>} Task
 *   load: of a task that is not there at once; gives it all the rest but its fields. fields: what the server is asked for
 *   beside the picture; fieldsOf: what it would have to be asked for to answer what is chosen. parse: throws BadAnswer
 *   (checks.js). refine: what is shown of a result; pure, and quick enough to follow a slider. marks and rows: of the same
 *   things in the same order, but that a hidden row has no mark. covered: regions of the photograph that nobody may see, on
 *   the screen or in what is kept. isEdited: whether they differ from what was found; discard: a step back to that, which
 *   can be undone. edit: loaded when it is asked for. frames and live: what is different of a video, and of a camera; a task
 *   without it shows each of their frames as it shows a photograph
 */

/** @typedef {Task<any, any, any, any>} AnyTask */

export {};
