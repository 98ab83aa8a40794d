/**
 * What the engine knows of its model. Types only.
 *
 * @typedef {Readonly<{width: number, height: number}>} Size
 *
 * @typedef {Readonly<{
 *   size: readonly [height: number, width: number],
 *   resize: 'letterbox' | 'letterbox-top-left' | 'stretch' | 'centre-crop' | 'shorter-side',
 *   sampling: 'darknet' | 'bilinear' | 'exact' | 'antialias' | 'bicubic',
 *   shorter_side: number,
 *   stride: number,
 *   leaves_out_padding: boolean,
 *   colour: 'rgb' | 'bgr',
 *   scale: number,
 *   mean: readonly number[],
 *   std: readonly number[],
 *   pad: number | null,
 * }>} InputSpec as `InputSpec` of api/models/card.py has it, whose `cell` is the stride
 *
 * @typedef {Readonly<{
 *   name: string,
 *   task: string,
 *   family: string,
 *   labels: readonly string[],
 *   input: InputSpec,
 *   output: Readonly<Record<string, any>>,
 *   skeleton?: readonly (readonly [string, string])[],
 * }>} Card as `ModelCard` of api/models/card.py has it, with what `GET /v1/models` says besides
 *
 * @typedef {Readonly<{file: string, bytes: number, card: Card, defaults: Readonly<Record<string, unknown>>}>} ModelFile
 *   device/model.json. file: beside it; bytes: of that
 *
 * @typedef {Readonly<{data: Float32Array | BigInt64Array | Int32Array | Uint8Array, dims: readonly number[]}>} Output an array
 *   that the network gave, its last axis running fastest
 * @typedef {Readonly<Record<string, Output>>} Outputs by their names, in the order of the network
 *
 * @typedef {Readonly<Record<string, unknown>>} Options those of the model's task, by the names of the API's fields
 *
 * @typedef {(outputs: Outputs, letterbox: import('./input/letterbox.js').Letterbox, options: Options) =>
 *   Record<string, unknown> | Promise<Record<string, unknown>>} Decode what the task says of the outputs, as in the API's
 *   JSON, in pixels of the picture
 */

export {};
