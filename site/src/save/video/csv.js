/** Tables of a video (RFC 4180), one line for each thing in each frame. */

/** @typedef {string | number} Cell */

/**
 * @param {readonly (readonly Cell[])[]} lines the first one names the columns
 * @returns {string}
 */
export function toTable(lines) {
  return lines.map((line) => `${line.map((cell) => (typeof cell === 'number' ? cell : quoted(cell))).join(',')}\r\n`).join('');
}

/**
 * @param {readonly Readonly<{timeS: number, rows: readonly Readonly<{label: string, share: number}>[]}>[]} frames
 * @returns {string}
 */
export function rowsToCsv(frames) {
  const lines = frames.flatMap(({ timeS, rows }, frame) => rows.map(({ label, share }) => [timeS, frame, label, Number(share.toFixed(6))]));
  return toTable([['time_s', 'frame', 'label', 'share'], ...lines]);
}

/** What a program for tables would take for a formula gets an apostrophe. @param {string} text */
function quoted(text) {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
