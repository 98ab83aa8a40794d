/**
 * What is painted over a picture, as data: a task says it (tasks/contract.js), and svg.js and canvas.js paint it. Types only.
 *
 * @typedef {import('../media/types.js').Size} Size
 *
 * @typedef {Readonly<{x: number, y: number}>} Point in pixels of the picture
 *
 * @typedef {Readonly<{x1: number, y1: number, x2: number, y2: number}>} Box in pixels of the picture
 *
 * @typedef {Readonly<{kind: 'rect', box: Box}>
 *   | Readonly<{kind: 'polygon', points: readonly Point[], isHollow?: boolean}>
 *   | Readonly<{kind: 'point', at: Point}>
 *   | Readonly<{kind: 'line', from: Point, to: Point}>
 *   | Readonly<{kind: 'mask', url: string, box: Box, opacity?: number, isMirrored?: boolean}>
 *   | Readonly<{kind: 'label', text: string, box: Box}>} Mark a hollow polygon lets what is in it be seen as it is. A mask's url
 *   is a data URL of a picture that covers the box, as clear as its opacity, 0..1, says, and isMirrored turns it over; a label
 *   stands at a corner of its box, or near
 *
 * @typedef {Readonly<{
 *   name: string,
 *   colour: string,
 *   box: Box | null,
 *   covers?: (point: Point) => boolean,
 *   isQuiet?: boolean,
 *   marks: readonly Mark[],
 * }>} MarkGroup the marks of one thing, which are lit together with its row. name: for assistive technology. colour: as CSS
 *   takes it. box: where the thing is touched; covers: the same of a thing that is no box. isQuiet: seen
 *   only while somebody points at it or corrects it, and kept nowhere
 */

export {};
