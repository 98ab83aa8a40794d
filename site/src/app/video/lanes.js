/** What a timeline shows: a lane for each label, with the times at which there is something of it. */

/** @typedef {Readonly<{fromS: number, toS: number, name: string}>} Span name: of the object that it is of, '' if nobody follows it */
/** @typedef {Readonly<{label: string, colour: string, many: number, spans: readonly Span[]}>} Lane many: of different objects */
/** @typedef {import('../../tasks/contract.js').Thing} Thing */
/** @typedef {import('../../tasks/contract.js').Row} Row */

/**
 * @param {readonly Thing[]} things that were followed
 * @returns {Lane[]} the one with the most things first
 */
export function lanesOfThings(things) {
  /** @type {Map<string, {label: string, colour: string, spans: Span[]}>} */
  const lanes = new Map();
  for (const { label, colour, fromS, toS, name } of things) {
    const lane = lanes.get(label) ?? { label, colour, spans: [] };
    lane.spans.push({ fromS, toS, name });
    lanes.set(label, lane);
  }
  return [...lanes.values()].map((lane) => ({ ...lane, many: lane.spans.length })).sort((one, other) => other.many - one.many);
}

/**
 * Lanes of what nobody follows from frame to frame: a span for each time without a gap at which a label was there.
 *
 * @param {readonly Readonly<{timeS: number, rows: readonly Row[]}>[]} frames
 * @param {number} endS
 * @returns {Lane[]} the one seen longest first
 */
export function lanesOfRows(frames, endS) {
  /** @type {Map<string, {label: string, colour: string, spans: Span[], index: number}>} */
  const lanes = new Map();
  frames.forEach(({ timeS, rows }, index) => {
    const toS = frames[index + 1]?.timeS ?? Math.max(endS, timeS);
    for (const { label, colour } of rows) {
      const lane = lanes.get(label) ?? { label, colour, spans: [], index: -1 };
      const last = lane.spans.at(-1);
      if (last && lane.index >= index - 1) lane.spans[lane.spans.length - 1] = { ...last, toS };
      else lane.spans.push({ fromS: timeS, toS, name: '' });
      lane.index = index;
      lanes.set(label, lane);
    }
  });
  const length = (/** @type {{spans: Span[]}} */ { spans }) => spans.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);
  return [...lanes.values()]
    .sort((one, other) => length(other) - length(one))
    .map(({ label, colour, spans }) => ({ label, colour, spans, many: 0 }));
}

const LEAST_SHARE = 0.1; // of a row: what is hardly there has no lane
const MOST_LANES = 40;

/**
 * Lanes of what is seen of a video: of what was followed through it, else of the rows of all its frames.
 *
 * @param {{
 *   own: import('../../tasks/contract.js').Frames<any, any, any>,
 *   frames: readonly import('./track.js').FrameJson[],
 *   endS: number,
 *   rowsAt: (index: number, choice: any) => readonly Row[],
 * }} parts
 * @returns {(seen: import('../../tasks/frames.js').Seen) => readonly Lane[]}
 */
export function createLanesOf({ own, frames, endS, rowsAt }) {
  return ({ things, choice }) => {
    if (own.things) return lanesOfThings(things).slice(0, MOST_LANES);
    const seen = frames.map((frame, index) => {
      const rows = own.glance?.(frame) ?? rowsAt(index, choice).filter(({ share }) => share >= LEAST_SHARE);
      return { timeS: frame.time_s, rows };
    });
    return lanesOfRows(seen, endS).slice(0, MOST_LANES);
  };
}

/**
 * The nearest beginning of a span before or after a moment.
 *
 * @param {readonly Lane[]} lanes
 * @param {number} timeS
 * @param {number} by -1 or 1
 * @returns {number | null} its time, null if there is none
 */
export function stepToSpan(lanes, timeS, by) {
  const times = lanes.flatMap(({ spans }) => spans.map(({ fromS }) => fromS));
  const tolerance = 0.01;
  const wanted = times.filter((time) => (by > 0 ? time > timeS + tolerance : time < timeS - tolerance));
  if (wanted.length === 0) return null;
  return by > 0 ? Math.min(...wanted) : Math.max(...wanted);
}
