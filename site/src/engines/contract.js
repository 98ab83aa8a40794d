/**
 * What computes: the server, or the visitor's own device. Types only.
 *
 * @typedef {import('../media/types.js').PreparedImage} PreparedImage
 *
 * @typedef {Readonly<{name: 'sending', fraction: number, show?: () => void} | {name: 'working'} | {name: 'receiving'}
 *   | {name: 'loading', fraction: number, bytes: number, model: string, show?: () => void} | {name: 'computing', show?: undefined}
 *   | {name: 'proving', words: string}>}
 *   Stage of the way to an answer: with a server, or on a device, which loads first what it computes with; the fraction is
 *   of the bytes, 0..1. show: tells it in words of its own. proving: the server wants some work to be done before it answers
 *
 * @typedef {Readonly<{frame: ImageBitmap | VideoFrame, name: string, size: import('../media/types.js').Size}>} LiveFrame of a
 *   camera. size: in whose pixels the answer is. Who computes with it takes it over, and closes it
 *
 * @typedef {Readonly<{
 *   name: string,
 *   task: string,
 *   model: string,
 *   width: number,
 *   height: number,
 *   image: string | null,
 *   timings: Readonly<Record<string, number>>,
 *   steps?: unknown,
 *   json: Readonly<Record<string, unknown>>,
 *   engine?: string,
 *   place?: Engine['place'],
 * }>} Envelope what every answer has, checked. image: the picture with what was found drawn into it, a data URL; null where
 *   nobody has drawn it. timings: in milliseconds. steps: of a chain, read where they are shown (view/timings.js).
 *   json: the whole answer, of which the task reads its part. engine and place: of who computed it, if that is not the
 *   one that was asked
 *
 * @typedef {Omit<Envelope, 'json' | 'engine' | 'place'> & Readonly<{engine: string, place: Engine['place'], result: unknown,
 *   as?: import('../tasks/contract.js').AnyTask}>} Answer result: what the task made of it. as: how it is shown, if not as the task
 *   shows a photograph
 *
 * @typedef {Readonly<{name: string, task: string, door?: string, skeleton?: readonly (readonly [string, string])[],
 *   chain?: readonly string[]}>} Model
 *   door: what a visitor takes for its task, if that is another name (tasks/doors.js). skeleton: key points with a line
 *   between them, by their names. chain: the models that it asks one after the other
 *
 * @typedef {Readonly<{language: string, code: string}>} Snippet a program that asks the same
 *
 * @typedef {Readonly<{
 *   id: string,
 *   place: 'server' | 'device',
 *   label: () => string,
 *   run: (picture: PreparedImage | LiveFrame, options: {
 *     task: string | null,
 *     model: string | null,
 *     fields: Readonly<Record<string, string>>,
 *     signal: AbortSignal,
 *     onStage: (stage: Stage) => void,
 *   }) => Promise<Envelope>,
 *   plainPicture?: (picture: PreparedImage, signal: AbortSignal) => Promise<string>,
 *   models?: () => Promise<readonly Model[]>,
 *   labels?: (model: string) => Promise<readonly string[]>,
 *   jobs?: (create: typeof import('./remote/jobs.js').createJobs) => import('./remote/jobs.js').Jobs,
 *   takesFrames?: boolean,
 *   device?: import('./device/engine.js').OwnDevice,
 *   status?: () => Promise<import('./remote/types.js').ServerAnswer>,
 *   snippets?: (fileName: string, fields: Readonly<Record<string, string | number>>) => Promise<readonly Snippet[]>,
 *   formats?: readonly import('../save/formats.js').Format[],
 * }>} Engine
 *   label: its name in the language that is spoken. run: task and model null for the engine's own first ones; throws errors
 *   with a `kind`, which names the text that explains it. plainPicture: the photograph without marks, as a data URL, where
 *   the browser cannot read it. models: those that can be asked, the first one first. labels: what a model's classes are called, by their numbers. jobs: what outlives the page, as videos do, made of what the engine has. formats: further ways to keep
 *   a result. device: of the page's own engine on the visitor's device, what else there is to know of it. takesFrames: whether
 *   it takes a camera's frames as they are
 */

export {};
