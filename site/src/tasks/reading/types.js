/**
 * Types only.
 *
 * @typedef {import('../../marks/types.js').Point} Point
 * @typedef {import('../../media/types.js').Size} Size
 *
 * @typedef {Readonly<{text: string, confidence: number, polygon: readonly Point[]}>} Line confidence is 0..1. polygon: four
 *   corners, clockwise from where the line begins: the first side runs along the tops of its letters
 *
 * @typedef {Readonly<{lines: readonly Line[], size: Size, stopped?: import('../stopped.js').Stopped}>} Result in reading order
 *
 * @typedef {Readonly<{confidence: number, find: string, answered: number}>} Choice find: what is looked for, '' for nothing.
 *   answered: how sure the lines are at least that the server answers
 *
 * @typedef {Readonly<{
 *   lines: readonly Line[],
 *   found: readonly Line[],
 *   find: string,
 *   size: Size,
 *   isAdjustable: boolean,
 *   result: Result,
 * }>} Shown lines: those that are sure enough. found: of them, those that have what is looked for
 */

export {};
