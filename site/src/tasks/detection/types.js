/**
 * Types only.
 *
 * @typedef {import('../../marks/types.js').Box} Box
 * @typedef {import('../../marks/types.js').Point} Point
 *
 * @typedef {Readonly<{name: string, x: number, y: number, confidence: number}>} Keypoint
 *
 * @typedef {Readonly<{
 *   name: string,
 *   text: string,
 *   best?: Readonly<{label: string, classId: number, confidence: number}>,
 *   found: readonly string[],
 *   outlines: readonly (readonly Point[])[],
 *   json: Readonly<Record<string, unknown>>,
 * }>} Attribute what a further model says of a thing. text: in a few words; best: the most probable label of a classifier;
 *   found: the labels of a detector. outlines: where in the picture what it names is. json: as it was answered
 *
 * @typedef {Readonly<{
 *   label: string,
 *   classId: number,
 *   confidence: number,
 *   box: Box,
 *   polygon?: readonly Point[],
 *   keypoints?: readonly Keypoint[],
 *   track?: number,
 *   attributes?: readonly Attribute[],
 * }>} Detection confidence is 0..1; track: of a video, the number of the object; polygon, the outline, and keypoints are of models that give them;
 *   attributes: of chains
 *
 * @typedef {Readonly<{
 *   detections: readonly Detection[],
 *   candidates: readonly Detection[],
 *   size: import('../../media/types.js').Size,
 *   skeleton?: readonly (readonly [string, string])[],
 *   stopped?: import('../stopped.js').Stopped,
 * }>} Result `candidates` stood before overlapping ones were dropped. skeleton: key points with a line between them, once it is
 *   known. stopped: why nothing was looked for
 *
 * @typedef {Readonly<{classId: number, label: string, many: number, hidden: boolean}>} ClassCount
 *
 * @typedef {Readonly<{isEdited: boolean, hidden: number, unsure: number, confidence: number}>} Rest what is not shown, and why:
 *   deleted by the visitor, hidden by the visitor's filters, or guesses less sure than `confidence`
 *
 * @typedef {Readonly<{
 *   detections: readonly Detection[],
 *   listed: readonly Detection[],
 *   hidden: readonly string[],
 *   classes: readonly ClassCount[],
 *   isAdjustable: boolean,
 *   hasChips: boolean,
 *   hasAttributes: boolean,
 *   rest: Rest,
 *   blurrable: readonly string[],
 *   blurred: readonly string[],
 *   covered: readonly Box[],
 *   result: Result,
 * }>} Shown listed: those that have a row, with those that a row can bring back; hidden: their labels. hasChips: whether kinds
 *   are hidden by chips, not by their rows. hasAttributes: whether there is anything to look for in them. blurrable: labels of things that are there; blurred: those that are; covered: the
 *   regions that nobody may see
 *
 * @typedef {Readonly<{confidence: number, iou: number, maxDetections: number}>} Limits
 *
 * @typedef {Readonly<{
 *   confidence: number,
 *   iou: number,
 *   find: string,
 *   hidden: readonly string[],
 *   blurred: readonly string[],
 *   answered: Limits,
 * }>} Choice find: what is looked for in labels and attributes, '' for nothing. hidden, blurred: labels, in order; answered: what the server answers with, unless it is asked for something else
 */

export {};
