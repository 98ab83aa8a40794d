/** The family "classifier": a number for each class (api/tasks/classification/classifier.py). */

import { sigmoid } from './finish.js';

const TOP = 5;

/** @param {import('../types.js').Card} card @returns {import('../types.js').Decode} */
export function createClassifier({ output, labels }) {
  return (outputs, _letterbox, options) => {
    const scores = Array.from(Object.values(outputs)[0]?.data ?? [], Number);
    const probabilities = activated(scores, output.activation);
    const ranked = [...probabilities.keys()].sort((one, other) => (probabilities[other] ?? 0) - (probabilities[one] ?? 0));
    return {
      classes: ranked.slice(0, Number(options.top ?? TOP)).map((index) => {
        return { label: labels[index] ?? `class ${index}`, class_id: index, confidence: probabilities[index] };
      }),
    };
  };
}

/** @param {readonly number[]} scores @param {string} activation @returns {number[]} probabilities */
function activated(scores, activation) {
  if (activation === 'sigmoid') return scores.map(sigmoid);
  if (activation !== 'softmax') return scores.map((score) => Math.min(Math.max(score, 0), 1)); // they are some
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
