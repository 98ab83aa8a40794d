/**
 * Types only.
 *
 * @typedef {import('../../marks/types.js').Box} Box
 *
 * @typedef {Readonly<{label: string, classId: number, confidence: number}>} Class confidence is 0..1
 *
 * @typedef {Readonly<{label: string, box: Box, url: string, most: number}>} Explanation what decided for a label: a data URL of a
 *   heat map that covers the box, and by how much the label's probability falls at most
 *
 * @typedef {Readonly<{classes: readonly Class[], explanation?: Explanation,
 *   stopped?: import('../stopped.js').Stopped}>} Result the most probable first
 *
 * @typedef {Readonly<{top: number, isExplained: boolean, answered: number}>} Choice top: how many labels are shown. isExplained:
 *   whether what decided is shown, if it is known; answered: how many labels the server answers, unless it is asked for more
 *
 * @typedef {Readonly<{
 *   classes: readonly Class[],
 *   explanation: Explanation | null,
 *   result: Result,
 *   isAdjustable: false,
 * }>} Shown
 */

export {};
