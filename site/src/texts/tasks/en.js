/** What the tasks say beyond what the page begins with, in English. Loaded with the first of them. */

/** @param {number} fraction 0..1 */
const points = (fraction) => `${Math.round(fraction * 100)} points`;

export const words = {
  doors: {
    title: 'What do you want to see?',
    /** By the task's name, or `faces`. @type {Readonly<Record<string, {title: string, sentence: string}>>} */
    of: {
      detection: { title: 'Objects', sentence: 'Finds things, says what they are, and draws a box around each.' },
      faces: { title: 'Faces', sentence: 'Finds faces, and blurs them if you like.' },
      classification: { title: 'Labels', sentence: 'Says what the photo shows as a whole, and why.' },
      segmentation: { title: 'Areas', sentence: 'Colours every spot by what it belongs to, and cuts it out.' },
    },
    /** @param {string} door @param {string} example */
    tryWith: (door, example) => `${door}: try it with the example ${example}`,
  },

  /** What models find, in a list of them. @type {Readonly<Record<string, string>>} */
  finds: { detection: 'objects', faces: 'faces', classification: 'labels', segmentation: 'areas' },

  blur: {
    title: 'Blur',
    /** The one thing that can be. @param {string} label @param {string} name what it is called */
    only: (label, name) => (label === 'face' ? 'Blur faces' : `Blur: ${name}`),
  },

  segmentation: {
    cutOutClass: 'What is cut out',
    cutOutChosen: 'Cut it out',
    /** @param {string} label */
    cutOut: (label) => `Cut out ${label}`,
    formats: { rle: 'COCO, run lengths', polygons: 'COCO, polygons' },
    hints: { rle: '.json, every pixel of the areas shown', polygons: '.json, outlines of the areas shown' },
  },

  classification: {
    top: 'How many labels',
    why: 'Why?',
    hideWhy: 'Hide reason',
    cancel: 'Cancel',
    /** @param {number} seconds */
    asking: (seconds) => `Covering one part of the photo after the other, and asking again… ${seconds} s`,
    /** @param {string} label @param {number} most by how much its probability falls */
    because: (label, most) =>
      most < 0.01
        ? `No single part decides on “${label}”: covering one changes hardly anything.`
        : `Bright is what speaks for “${label}”: it falls by up to ${points(most)} if that part is covered.`,
    noReason: 'The server gave no reason. It may be too slow, or too busy, for so many questions.',
    compare: 'Compare',
    /** @param {string} model */
    comparing: (model) => `Asking ${model}…`,
    failed: 'No answer. Try again.',
    compared: 'What each model says',
  },
};
