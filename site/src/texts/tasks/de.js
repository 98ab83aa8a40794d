/** What the tasks say beyond what the page begins with, in German. */

/** @type {typeof import('./en.js').words} */
export const words = {
  doors: {
    title: 'Was möchten Sie sehen?',
    of: {
      detection: { title: 'Objekte', sentence: 'Findet Dinge, sagt, was es ist, und umrahmt jedes.' },
      faces: { title: 'Gesichter', sentence: 'Findet Gesichter und verpixelt sie auf Wunsch.' },
      classification: { title: 'Begriffe', sentence: 'Sagt, was das Foto als Ganzes zeigt, und warum.' },
      segmentation: { title: 'Flächen', sentence: 'Färbt jede Stelle danach, wozu sie gehört, und schneidet sie aus.' },
    },
    tryWith: (door, example) => `${door}: mit dem Beispiel ${example} ausprobieren`,
  },

  segmentation: {
    cutOutClass: 'Was ausgeschnitten wird',
    cutOutChosen: 'Ausschneiden',
    cutOut: (label) => `${label} ausschneiden`,
    formats: { rle: 'COCO, Lauflängen', polygons: 'COCO, Polygone' },
    hints: { rle: '.json, jedes Pixel der gezeigten Flächen', polygons: '.json, Umrisse der gezeigten Flächen' },
  },
};
