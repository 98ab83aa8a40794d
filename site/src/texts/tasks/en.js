/** What the tasks say beyond what the page begins with, in English. Loaded with the first of them. */

import { counted, listed, SPOKEN_MAX } from '../phrases.js';

/** @typedef {import('../../tasks/detection/types.js').Detection} Detection */
/** @typedef {import('../../tasks/detection/types.js').Rest} Rest */

/** @param {number} fraction 0..1 */
const percent = (fraction) => `${Math.round(fraction * 100)}%`;

/** @param {number} many @param {string} noun @param {string} [plural] */
const count = (many, noun, plural = `${noun}s`) => `${many} ${many === 1 ? noun : plural}`;

/** @param {number} many */
const lines = (many) => `${many} ${many === 1 ? 'line' : 'lines'}`;

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
      reading: { title: 'Text', sentence: 'Reads what is written, to be copied and searched.' },
    },
    /** @param {string} door @param {string} example */
    tryWith: (door, example) => `${door}: try it with the example ${example}`,
  },

  /** What models find, in a list of them. @type {Readonly<Record<string, string>>} */
  finds: { detection: 'objects', faces: 'faces', classification: 'labels', segmentation: 'areas', reading: 'text' },
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
    noReason: 'No reason came. The server may be too slow, or too busy, for so many questions; your own device does not look for one.',
    compare: 'Compare',
    /** @param {string} model */
    comparing: (model) => `Asking ${model}…`,
    failed: 'No answer. Try again.',
    compared: 'What each model says',
  },

  reading: {
    /** @param {number} many */
    title: (many) => (many === 0 ? 'No text found' : `${lines(many)} read`),
    none: 'Nothing is written here that this model can read. Move closer or use more light.',
    unsure: 'All of it is less sure than you ask for. Lower the confidence.',
    use: 'Select it in the picture, or copy all of it.',
    /** What is looked for. @param {number} many lines that have it @param {number} all */
    matches: (many, all) => (many === 0 ? `Not in ${all === 1 ? 'this line' : `these ${lines(all)}`}.` : `In ${many} of ${lines(all)}.`),
    /** @param {string} read '' for nothing */
    alt: (read) => (read ? `Your photo; it reads: ${read}` : 'Your photo; no text was read in it'),
    /** @param {string} text @param {number} place */
    lineName: (text, place) => `${text}, line ${place}`,
    layer: 'Text in the photo: arrow keys select a line, Ctrl A all of it',
    search: 'Find in the text',
    copyAll: 'Copy all',
    copyText: 'Copy the text',
    formats: { text: 'Text', hocr: 'hOCR' },
    hints: { text: '.txt, a line each', hocr: '.html, lines and their places' },
  },

  /** Detections, as a form to keep. */
  table: { label: 'CSV', hint: 'a table, a line for each' },

  /** What further models say of single things. */
  attributes: {
    search: 'Search in what was found',
    /** @param {string} name @param {string} value */
    note: (name, value) => `${name}: ${value}`,
  },

  /** A chain of models that went no further. */
  stopped: {
    title: 'Nothing was looked for',
    /** @param {string} by the model that said no */
    sentence: (by) => `${by} looked first and said no, so nothing else was looked for.`,
    /** @param {string} reason */
    alt: (reason) => `Your photo; nothing was looked for in it: ${reason}`,
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

  save: {
    picture: 'Picture with boxes',
    json: 'JSON',
    coco: 'COCO',
    yolo: 'YOLO',
    voc: 'Pascal VOC',
    mask: 'Mask',
    copy: 'Copy the picture',
    share: 'Share the picture',
    /** @param {number} many photographs */
    all: (many) => `All ${many} photos`,
    html: 'Web page',
    hints: /** @type {Record<string, string>} */ ({
      picture: 'full size, without metadata',
      json: 'same format as the API',
      coco: '.json for training',
      yolo: '.txt and names for training',
      voc: '.xml for training',
      mask: '.png, a pixel’s value is its class',
      copy: 'for the clipboard',
      share: 'with another app',
      all: 'one .zip of pictures and files',
      html: 'works offline',
    }),
    /** @param {string} name */
    saved: (name) => `Saved ${name}`,
    failed: 'Could not save. Try another format.',
  },

  detection: {
    /** @param {number} many hidden ones, too */
    title: (many) => (many === 0 ? 'Nothing found' : `${count(many, 'object')} found`),

    /** @param {readonly Detection[]} detections @param {Rest} rest what is not among them, and why */
    sentence: (detections, { isEdited, hidden, unsure, confidence }) => {
      if (detections.length > 0) return counted(detections) + (hidden > 0 ? ` · ${hidden} hidden` : '');
      if (isEdited) return 'You have deleted all boxes.';
      if (hidden > 0) return 'All hidden by your filters. Lower the confidence or show more kinds.';
      if (unsure > 0) return `The model has ${count(unsure, 'guess', 'guesses')} below ${percent(confidence)}. Lower the confidence to see them.`;
      return 'Nothing that this model knows stands out. Move closer or use more light.';
    },

    /** @param {readonly Detection[]} detections @param {number} hidden */
    spoken: (detections, hidden) =>
      `${words.detection.title(detections.length + hidden)}${hidden > 0 ? `, ${hidden} hidden` : ''}` +
      (detections.length === 0 ? '' : `: ${listed(detections, percent, (rest) => ` and ${rest} more`, SPOKEN_MAX)}`),

    /** @param {readonly Detection[]} detections */
    alt: (detections) =>
      detections.length === 0
        ? 'Your photo; nothing was found in it'
        : `Your photo with ${count(detections.length, 'object')} marked: ${listed(detections, percent, (rest) => ` and ${rest} more`)}`,
    /** @param {string} label @param {number} many */
    chip: (label, many) => `${label} ${many}`,
    /** @param {Detection} detection @param {number} place */
    box: ({ label, confidence }, place) => `${label} ${percent(confidence)}, box ${place}`,
  },

  controls: {
    confidence: 'Confidence, at least',
    overlap: 'Overlap allowed',
    overlapHint: 'Higher shows more overlapping boxes of the same kind.',
    opacity: 'How clear',
    classes: 'Kinds of objects',
  },
};
