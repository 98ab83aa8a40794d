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
    /** @param {number} many */
    title: (many) => (many === 0 ? 'Nothing found' : `${many} ${many === 1 ? 'kind' : 'kinds'} found`),
    none: 'Nothing that this model knows stands out. Move closer or use more light.',
    allHidden: 'All of them are hidden.',
    /** @param {string} named labels with their shares, '' for none */
    alt: (named) => (named ? `Your photo with areas marked: ${named}` : 'Your photo; no area is marked in it'),
    cutOutClass: 'What is cut out',
    cutOutChosen: 'Cut it out',
    /** @param {string} label */
    cutOut: (label) => `Cut out ${label}`,
    formats: { rle: 'COCO, run lengths', polygons: 'COCO, polygons' },
    hints: { rle: '.json, every pixel of the areas shown', polygons: '.json, outlines of the areas shown' },
  },

  classification: {
    sentence: 'The labels that fit best, with how probable each is.',
    /** @param {string} named labels with their probabilities */
    spoken: (named) => `It shows: ${named}`,
    /** @param {string} named */
    alt: (named) => `Your photo; it shows: ${named}`,
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

  editing: {
    add: 'Add a box',
    remove: 'Delete',
    undo: 'Undo',
    redo: 'Redo',
    label: 'Kind of object',
    left: 'Left',
    top: 'Top',
    width: 'Width',
    height: 'Height',
    newLabel: 'object',
    hint: 'Drag a box to move it, its corners and edges to resize it, or draw a new one.',
    hintKeys: 'Arrow keys move, Alt + arrows resize, Shift: bigger steps, Del deletes, Ctrl\u00a0Z undoes.',
    /** @param {string} label */
    removed: (label) => `Deleted ${label}`,
    /** @param {string} label */
    added: (label) => `Added ${label}`,
    /** @param {number[]} place left, top, width, height */
    place: ([left, top, width, height]) => `Left ${left}, top ${top}, ${width} × ${height}`,
    undone: 'Undone',
    redone: 'Redone',
  },

  tools: {
    marks: 'Show marks (H)',
    farther: 'Farther (−)',
    nearer: 'Nearer (+)',
    fullScreen: 'Full screen (F)',
    hidden: 'Marks hidden',
    shown: 'Marks shown',
  },
};
