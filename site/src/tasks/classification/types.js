/**
 * Types only.
 *
 * @typedef {Readonly<{label: string, classId: number, confidence: number}>} Class confidence is 0..1
 *
 * @typedef {Readonly<{classes: readonly Class[]}>} Result the most probable first
 *
 * @typedef {Result & Readonly<{isAdjustable: false}>} Shown
 */

export {};
