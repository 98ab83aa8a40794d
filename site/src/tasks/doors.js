/** What a visitor takes for a task of its own. To the code faces are detections like others. */

const FACE = /(?:^|[^a-z])faces?(?:$|[^a-z])/i;

/**
 * @param {{name: string, task: string, labels?: readonly string[]}} model its card
 * @returns {string} the task's name, or `faces`
 */
export function doorOf({ name, task, labels = [] }) {
  const isOfFaces = labels.length > 0 ? labels.every((label) => FACE.test(label)) : FACE.test(name);
  return task === 'detection' && isOfFaces ? 'faces' : task;
}
