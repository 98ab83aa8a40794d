/** Which photographs are meant: the current one, or several that are chosen. Values alone. */

/**
 * @typedef {Readonly<{current: number | null, chosen: ReadonlySet<number>, anchor: number | null}>} Selection ids; anchor: from
 *   which on a range is chosen
 */

/** @type {Selection} */
export const NOTHING = Object.freeze({ current: null, chosen: Object.freeze(new Set()), anchor: null });

/** @param {number | null} id @returns {Selection} */
export function only(id) {
  return { current: id, chosen: NOTHING.chosen, anchor: id };
}

/**
 * @param {Selection} selection
 * @param {readonly number[]} ids that are shown, in order
 * @param {number} by how many places; at either end it stops
 * @param {boolean} isExtending
 * @returns {Selection}
 */
export function moved(selection, ids, by, isExtending) {
  const at = selection.current === null ? -1 : ids.indexOf(selection.current);
  const id = ids[Math.max(0, Math.min(at < 0 ? 0 : at + by, ids.length - 1))] ?? null;
  if (id === null) return NOTHING;
  return isExtending ? ranged(selection, ids, id) : { ...only(id), chosen: selection.chosen };
}

/**
 * Choose all from the anchor to a photograph.
 *
 * @param {Selection} selection
 * @param {readonly number[]} ids
 * @param {number} id
 * @returns {Selection}
 */
export function ranged(selection, ids, id) {
  const anchor = selection.anchor !== null && ids.includes(selection.anchor) ? selection.anchor : id;
  const [from = 0, to = 0] = [ids.indexOf(anchor), ids.indexOf(id)].sort((one, other) => one - other);
  return { current: id, chosen: new Set(ids.slice(from, to + 1)), anchor };
}

/** @param {Selection} selection @param {number} id @returns {Selection} */
export function toggled({ chosen }, id) {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return { current: id, chosen: next, anchor: id };
}

/** @param {Selection} selection @param {readonly number[]} ids @returns {Selection} */
export function everything({ current }, ids) {
  return { current: current ?? ids[0] ?? null, chosen: new Set(ids), anchor: ids[0] ?? null };
}

/** The ids that an action is for. @param {Selection} selection @returns {number[]} */
export function meant({ current, chosen }) {
  if (chosen.size > 0) return [...chosen];
  return current === null ? [] : [current];
}

/**
 * After something was done, nothing is chosen any more, and the current one is the next that is still there.
 *
 * @param {Selection} selection
 * @param {readonly number[]} before what was shown
 * @param {readonly number[]} after
 * @param {boolean} isGoingOn whether the next one is meant even if the current one stays
 * @returns {Selection}
 */
export function settled({ current }, before, after, isGoingOn) {
  if (after.length === 0) return NOTHING;
  const at = current === null ? 0 : before.indexOf(current);
  const still = new Set(after);
  const next = before.slice(at + (isGoingOn ? 1 : 0)).find((id) => still.has(id));
  return only(next ?? after.at(-1) ?? null);
}
