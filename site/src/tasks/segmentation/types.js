/**
 * Types only.
 *
 * @typedef {import('../../media/types.js').Size} Size
 *
 * @typedef {Readonly<{label: string, classId: number, share: number, mask: string}>} Segment share: of the picture, 0..1.
 *   mask: a data URL of a picture that shows its pixels alone, in its colour; '' where there is none
 *
 * @typedef {Readonly<{
 *   size: Size,
 *   segments: readonly Segment[],
 *   background: Readonly<{label: string, classId: number, share: number}> | null,
 *   mask: string,
 *   classMap: import('./class-map.js').ClassMap,
 *   stopped?: import('../stopped.js').Stopped,
 * }>} Result segments: the largest first, without the background. mask: a data URL of a PNG whose pixels are class ids; classMap:
 *   the same, to be read
 *
 * @typedef {Readonly<{opacity: number, hidden: readonly string[]}>} Choice hidden: labels, in order
 *
 * @typedef {Readonly<{
 *   size: Size,
 *   all: readonly Segment[],
 *   segments: readonly Segment[],
 *   opacity: number,
 *   isAdjustable: boolean,
 *   classMap: import('./class-map.js').ClassMap,
 *   stopped?: import('../stopped.js').Stopped,
 *   named: readonly Readonly<{label: string, classId: number, share: number}>[],
 * }>} Shown all: the hidden ones too; named: these and the background
 */

export {};
