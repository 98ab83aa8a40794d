/** What the tasks say beyond what the page begins with, in English. Loaded with the first of them. */

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

  segmentation: {
    cutOutClass: 'What is cut out',
    cutOutChosen: 'Cut it out',
    /** @param {string} label */
    cutOut: (label) => `Cut out ${label}`,
    formats: { rle: 'COCO, run lengths', polygons: 'COCO, polygons' },
    hints: { rle: '.json, every pixel of the areas shown', polygons: '.json, outlines of the areas shown' },
  },
};
