/** What the tasks say beyond what the page begins with, in German. */

import { counted, listed, SPOKEN_MAX } from '../phrases.js';

/** @param {number} fraction 0..1 */
const percent = (fraction) => `${Math.round(fraction * 100)} %`;

/** @param {number} many */
const objects = (many) => `${many} ${many === 1 ? 'Objekt' : 'Objekte'}`;

/** @param {number} many */
const lines = (many) => `${many} ${many === 1 ? 'Zeile' : 'Zeilen'}`;

/** @param {number} fraction 0..1 */
const points = (fraction) => `${Math.round(fraction * 100)} Punkte`;

/** @type {typeof import('./en.js').words} */
export const words = {
  doors: {
    title: 'Was möchten Sie sehen?',
    of: {
      detection: { title: 'Objekte', sentence: 'Findet Dinge, sagt, was es ist, und umrahmt jedes.' },
      faces: { title: 'Gesichter', sentence: 'Findet Gesichter und verpixelt sie auf Wunsch.' },
      classification: { title: 'Begriffe', sentence: 'Sagt, was das Foto als Ganzes zeigt, und warum.' },
      segmentation: { title: 'Flächen', sentence: 'Färbt jede Stelle danach, wozu sie gehört, und schneidet sie aus.' },
      reading: { title: 'Text', sentence: 'Liest, was geschrieben steht: zum Kopieren und Durchsuchen.' },
    },
    tryWith: (door, example) => `${door}: mit dem Beispiel ${example} ausprobieren`,
  },

  finds: { detection: 'Objekte', faces: 'Gesichter', classification: 'Begriffe', segmentation: 'Flächen', reading: 'Text' },

  blur: {
    title: 'Verpixeln',
    only: (label, name) => (label === 'face' ? 'Gesichter verpixeln' : `Verpixeln: ${name}`),
  },

  segmentation: {
    title: (many) => (many === 0 ? 'Nichts gefunden' : `${many} ${many === 1 ? 'Art' : 'Arten'} gefunden`),
    none: 'Nichts, was dieses Modell kennt, sticht hervor. Gehen Sie näher heran, oder machen Sie mehr Licht.',
    allHidden: 'Alle sind ausgeblendet.',
    alt: (named) => (named ? `Ihr Foto, markiert sind: ${named}` : 'Ihr Foto; darauf ist nichts markiert'),
    cutOutClass: 'Was ausgeschnitten wird',
    cutOutChosen: 'Ausschneiden',
    cutOut: (label) => `${label} ausschneiden`,
    formats: { rle: 'COCO, Lauflängen', polygons: 'COCO, Polygone' },
    hints: { rle: '.json, jedes Pixel der gezeigten Flächen', polygons: '.json, Umrisse der gezeigten Flächen' },
  },

  classification: {
    sentence: 'Was am besten passt, mit der Wahrscheinlichkeit.',
    spoken: (named) => `Es zeigt: ${named}`,
    alt: (named) => `Ihr Foto; es zeigt: ${named}`,
    top: 'Wie viele Begriffe',
    why: 'Warum?',
    hideWhy: 'Ausblenden',
    cancel: 'Abbrechen',
    asking: (seconds) => `Ein Teil des Fotos nach dem anderen wird verdeckt und neu gefragt… ${seconds} s`,
    because: (label, most) =>
      most < 0.01
        ? `Kein Teil allein entscheidet über „${label}“: Verdeckt man einen, ändert sich kaum etwas.`
        : `Hell ist, was für „${label}“ spricht: Ohne diesen Teil fällt es um bis zu ${points(most)}.`,
    noReason: 'Es kam keine Begründung. Der Server ist vielleicht zu langsam oder zu beschäftigt für so viele Fragen; Ihr eigenes Gerät sucht keine.',
    compare: 'Vergleichen',
    comparing: (model) => `${model} wird gefragt…`,
    failed: 'Keine Antwort. Versuchen Sie es noch einmal.',
    compared: 'Was jedes Modell sagt',
  },

  reading: {
    title: (many) => (many === 0 ? 'Kein Text gefunden' : `${lines(many)} gelesen`),
    none: 'Hier steht nichts, was dieses Modell lesen kann. Gehen Sie näher heran oder sorgen Sie für mehr Licht.',
    unsure: 'Alles ist weniger sicher als verlangt. Verringern Sie die Sicherheit.',
    use: 'Im Bild auswählen oder alles kopieren.',
    matches: (many, all) => (many === 0 ? `Steht nicht in ${all === 1 ? 'dieser Zeile' : `diesen ${lines(all)}`}.` : `In ${many} von ${lines(all)}.`),
    alt: (read) => (read ? `Ihr Foto; darauf steht: ${read}` : 'Ihr Foto; darauf wurde kein Text gelesen'),
    lineName: (text, place) => `${text}, Zeile ${place}`,
    layer: 'Text im Foto: Pfeiltasten wählen eine Zeile aus, Strg A alles',
    search: 'Im Text suchen',
    copyAll: 'Alles kopieren',
    copyText: 'Text kopieren',
    formats: { text: 'Text', hocr: 'hOCR' },
    hints: { text: '.txt, je Zeile eine', hocr: '.html, Zeilen und wo sie stehen' },
  },

  table: { label: 'CSV', hint: 'eine Tabelle, je Objekt eine Zeile' },

  attributes: {
    search: 'Im Gefundenen suchen',
    note: (name, value) => `${name}: ${value}`,
  },

  stopped: {
    title: 'Es wurde nichts gesucht',
    sentence: (by) => `${by} hat zuerst geschaut und abgelehnt; darum wurde nicht weiter gesucht.`,
    alt: (reason) => `Ihr Foto; darauf wurde nichts gesucht: ${reason}`,
  },

  editing: {
    add: 'Rahmen hinzufügen',
    remove: 'Löschen',
    undo: 'Zurück',
    redo: 'Wieder',
    label: 'Art des Objekts',
    left: 'Links',
    top: 'Oben',
    width: 'Breite',
    height: 'Höhe',
    newLabel: 'Objekt',
    hint: 'Ziehen Sie einen Rahmen, um ihn zu verschieben, an Ecken und Kanten, um seine Größe zu ändern, oder zeichnen Sie einen neuen.',
    hintKeys: 'Pfeiltasten verschieben, Alt + Pfeile ändern die Größe, Umschalt: größere Schritte, Entf löscht, Strg\u00a0Z macht rückgängig.',
    removed: (label) => `${label} gelöscht`,
    added: (label) => `${label} hinzugefügt`,
    place: ([left, top, width, height]) => `Links ${left}, oben ${top}, ${width} × ${height}`,
    undone: 'Rückgängig gemacht',
    redone: 'Wiederhergestellt',
  },

  tools: {
    marks: 'Markierungen zeigen (H)',
    farther: 'Weiter weg (−)',
    nearer: 'Näher (+)',
    fullScreen: 'Vollbild (F)',
    hidden: 'Markierungen ausgeblendet',
    shown: 'Markierungen eingeblendet',
  },

  save: {
    picture: 'Bild mit Rahmen',
    json: 'JSON',
    coco: 'COCO',
    yolo: 'YOLO',
    voc: 'Pascal VOC',
    mask: 'Maske',
    copy: 'Bild kopieren',
    share: 'Bild teilen',
    all: (many) => `Alle ${many} Fotos`,
    html: 'Webseite',
    hints: {
      picture: 'volle Größe, ohne Metadaten',
      json: 'im Format der API',
      coco: '.json zum Trainieren',
      yolo: '.txt und Namen zum Trainieren',
      voc: '.xml zum Trainieren',
      mask: '.png, der Wert eines Pixels ist seine Klasse',
      copy: 'in die Zwischenablage',
      share: 'mit einer anderen App',
      all: 'ein .zip aus Bildern und Dateien',
      html: 'auch ohne Netz',
    },
    saved: (name) => `${name} gesichert`,
    failed: 'Das ließ sich nicht sichern. Versuchen Sie ein anderes Format.',
  },

  detection: {
    title: (many) => (many === 0 ? 'Nichts gefunden' : `${objects(many)} gefunden`),
    sentence: (detections, { isEdited, hidden, unsure, confidence }) => {
      if (detections.length > 0) return counted(detections) + (hidden > 0 ? ` · ${hidden} ausgeblendet` : '');
      if (isEdited) return 'Sie haben alle Rahmen gelöscht.';
      if (hidden > 0) return 'Ihre Filter blenden alle aus. Verlangen Sie weniger Sicherheit oder zeigen Sie mehr Arten.';
      if (unsure > 0) return `Das Modell hat ${unsure} ${unsure === 1 ? 'Vermutung' : 'Vermutungen'} unter ${percent(confidence)}. Verlangen Sie weniger Sicherheit, um sie zu sehen.`;
      return 'Nichts, was dieses Modell kennt, sticht hervor. Gehen Sie näher heran, oder machen Sie mehr Licht.';
    },
    spoken: (detections, hidden) =>
      `${words.detection.title(detections.length + hidden)}${hidden > 0 ? `, ${hidden} ausgeblendet` : ''}` +
      (detections.length === 0 ? '' : `: ${listed(detections, percent, (rest) => ` und ${rest} weitere`, SPOKEN_MAX)}`),
    alt: (detections) =>
      detections.length === 0
        ? 'Ihr Foto; darauf wurde nichts gefunden'
        : `Ihr Foto mit ${detections.length} markierten ${detections.length === 1 ? 'Objekt' : 'Objekten'}: ${listed(detections, percent, (rest) => ` und ${rest} weitere`)}`,
    chip: (label, many) => `${label} ${many}`,
    box: ({ label, confidence }, place) => `${label} ${percent(confidence)}, Rahmen ${place}`,
  },

  controls: {
    confidence: 'Sicherheit, mindestens',
    overlap: 'Erlaubte Überlappung',
    overlapHint: 'Höher zeigt mehr überlappende Rahmen derselben Art.',
    opacity: 'Wie deutlich',
    classes: 'Arten von Objekten',
  },
};
