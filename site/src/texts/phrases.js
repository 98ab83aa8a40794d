/** What sentences about detections are made of, in any language. */

/** @typedef {import('../tasks/detection/types.js').Detection} Detection */

const ALT_MAX = 10;

/** What is read out stays short enough to be listened to. */
export const SPOKEN_MAX = 5;

/**
 * Name each kind once, with how many there are.
 *
 * @param {readonly Detection[]} detections
 */
export function counted(detections) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { label } of detections) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, many]) => (many === 1 ? label : `${label}\u00a0×\u00a0${many}`)).join(', ');
}

/**
 * Name each object with its confidence, and say how many more there are.
 *
 * @param {readonly Detection[]} detections
 * @param {(fraction: number) => string} percent
 * @param {(rest: number) => string} andMore
 * @param {number} [most]
 */
export function listed(detections, percent, andMore, most = ALT_MAX) {
  const named = detections
    .slice(0, most)
    .map(({ label, confidence }) => `${label} ${percent(confidence)}`)
    .join(', ');
  const rest = detections.length - most;
  return rest > 0 ? named + andMore(rest) : named;
}
