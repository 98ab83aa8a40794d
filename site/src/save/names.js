/** Names for the files that the visitor keeps: after the photograph, and harmless on every system. */

const LENGTH_MAX = 80;
const FALLBACK = 'photo';
// Control characters, what turns the direction of text or is not seen, and what Windows forbids.
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i; // names of devices on Windows

/** The ending that each kind of file has. */
const ENDINGS = Object.freeze({
  picture: '-detected.jpg',
  json: '-detections.json',
  coco: '-coco.json',
  yolo: '.txt',
  yoloZip: '-yolo.zip',
  voc: '.xml',
  html: '-detections.html',
  classes: '-classes.json',
  segments: '-segments.json',
  mask: '-mask.png',
  rle: '-coco-rle.json',
  polygons: '-coco.json',
  cutOut: '-cut-out.png',
  text: '-text.txt',
  hocr: '-hocr.html',
  lines: '-lines.json',
  video: '-detected.mp4',
  csv: '-detections.csv',
  cocoVideo: '-coco-video.json',
  frames: '-frames.zip',
});

/** The name that readers of YOLO's labels expect for the list of classes. */
export const CLASSES_FILE = 'classes.txt';

/** @typedef {keyof typeof ENDINGS} Kind */

/**
 * Name a file that is made of a photograph.
 *
 * @param {string} name of the photograph, as the visitor's system or the API gives it
 * @param {Kind} kind
 */
export function exportName(name, kind) {
  return stem(name) + ENDINGS[kind];
}

/**
 * The photograph's own name, without folders and made harmless: what annotations refer to.
 *
 * @param {string} name
 */
export function photoName(name) {
  const ending = /\.[A-Za-z0-9]{1,5}$/.exec(lastPart(name))?.[0].toLowerCase() ?? '.jpg';
  return stem(name) + ending;
}

/** @param {string} name */
function stem(name) {
  const bare = lastPart(name).replace(/\.[A-Za-z0-9]{1,5}$/, '');
  const clean = Array.from(bare.replace(FORBIDDEN, ' ').replace(/\s+/g, ' ')).slice(0, LENGTH_MAX).join('');
  const trimmed = clean.replace(/^[\s.-]+|[\s.]+$/g, '');
  if (trimmed === '') return FALLBACK;
  return RESERVED.test(trimmed) ? `${FALLBACK}-${trimmed}` : trimmed;
}

/** @param {string} name */
function lastPart(name) {
  return name.split(/[/\\]/).at(-1) ?? '';
}
