/**
 * Types only: nothing here runs.
 *
 * @typedef {Readonly<{width: number, height: number}>} Size in whole pixels
 *
 * @typedef {Readonly<{
 *   file: File,
 *   upright: boolean,
 *   size: Size | null,
 * }>} PreparedImage
 *   what is worked on: `upright` says that the page has turned the pixels itself; an original that the browser could not
 *   read has `upright` false and no size
 */

export {};
