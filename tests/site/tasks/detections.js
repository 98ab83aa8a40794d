/** Detections to test with. */

/**
 * @param {number[]} box x1, y1, x2, y2
 * @param {object} [changes]
 */
export function detection([x1, y1, x2, y2], changes = {}) {
  const box = Object.freeze({ x1, y1, x2, y2 });
  return Object.freeze({ label: 'dog', classId: 16, confidence: 0.9, box, ...changes });
}

/** Numbers that look random and are the same every time (mulberry32). */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Many detections of a few classes in a picture, most confident first.
 *
 * @param {number} many
 * @param {{width: number, height: number}} size
 * @param {number} [seed]
 */
export function crowd(many, { width, height }, seed = 1) {
  const random = randomNumbers(seed);
  const made = Array.from({ length: many }, () => {
    const [w, h] = [8 + random() * width * 0.3, 8 + random() * height * 0.3];
    const [x1, y1] = [random() * (width - w), random() * (height - h)];
    const classId = Math.floor(random() * 4);
    const confidence = 0.05 + random() * 0.95;
    return detection([x1, y1, x1 + w, y1 + h], { classId, label: `class ${classId}`, confidence });
  });
  return made.sort((one, other) => other.confidence - one.confidence);
}
