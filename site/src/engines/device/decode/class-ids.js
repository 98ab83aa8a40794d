/** Which label a network's class id means (api/tasks/detection/class_ids.py). */

/**
 * @param {Readonly<Record<string, any>>} output of a card: `class_ids`, or `first_class`, or neither
 * @param {readonly string[]} labels
 * @returns {(classId: number) => number} the place among the labels, -1 for none
 */
export function createLabelFinder({ class_ids: ids, first_class: first = 0 }, labels) {
  const places = new Map(labels.map((_, place) => [ids?.[place] ?? first + place, place]));
  return (classId) => places.get(classId) ?? -1;
}
