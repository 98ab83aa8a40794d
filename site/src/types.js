/**
 * The shapes that pass between the parts of the page. Types only: nothing here runs.
 *
 * @typedef {Readonly<{width: number, height: number}>} Size in whole pixels
 *
 * @typedef {Readonly<{x1: number, y1: number, x2: number, y2: number}>} Box in pixels of the upright image
 *
 * @typedef {Readonly<{label: string, classId: number, confidence: number, box: Box}>} Detection confidence is 0..1
 *
 * @typedef {Readonly<{
 *   name: string,
 *   image: string,
 *   width: number,
 *   height: number,
 *   detections: readonly Detection[],
 *   candidates: readonly Detection[],
 *   model: string,
 *   timings: Readonly<Record<string, number>>,
 * }>} Answer what the API found; `image` is a data URL, `candidates` stood before overlapping ones were dropped, `timings`
 *   are in milliseconds
 *
 * @typedef {Readonly<{classId: number, label: string}>} Class of the model
 *
 * @typedef {'connecting' | 'online' | 'busy' | 'offline'} Light
 *
 * @typedef {Readonly<{running: number, waiting: number, capacity: number}>} Queue
 *
 * @typedef {Readonly<{light: Light, model: string, classes: number, queue: Queue}>} ServerAnswer to /status_check
 *
 * @typedef {Readonly<{light: Light, model: string, queue: Queue | null, reason: string, checkedAt: number | null}>}
 *   ServerStatus reason: a kind of problem, empty when there is none; checkedAt in milliseconds since 1970
 *
 * @typedef {Readonly<{
 *   file: File,
 *   upright: boolean,
 *   size: Size | null,
 * }>} PreparedImage
 *   what is sent: `upright` says that the page has turned the pixels itself; an original that the browser could not
 *   read has `upright` false and no size
 */

export {};
