/** Marks for a picture that is seen in a mirror: the letters stay as they are. */

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Mark} Mark */
/** @typedef {import('./types.js').MarkGroup} MarkGroup */
/** @typedef {import('./types.js').Point} Point */

/**
 * @param {readonly MarkGroup[]} groups
 * @param {number} width of the picture
 * @returns {MarkGroup[]}
 */
export function mirrored(groups, width) {
  const point = (/** @type {Point} */ { x, y }) => ({ x: width - x, y });
  const box = (/** @type {Box} */ { x1, y1, x2, y2 }) => ({ x1: width - x2, y1, x2: width - x1, y2 });

  /** @param {Mark} mark @returns {Mark} */
  function mirror(mark) {
    if (mark.kind === 'polygon') return { ...mark, points: mark.points.map(point) };
    if (mark.kind === 'point') return { ...mark, at: point(mark.at) };
    if (mark.kind === 'line') return { ...mark, from: point(mark.from), to: point(mark.to) };
    if (mark.kind === 'mask') return { ...mark, box: box(mark.box), isMirrored: !mark.isMirrored };
    return { ...mark, box: box(mark.box) };
  }

  return groups.map((group) => ({ ...group, box: group.box && box(group.box), marks: group.marks.map(mirror) }));
}
