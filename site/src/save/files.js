/** What the visitor keeps of a result: files in several forms, of the boxes as they are shown. Loaded when it is asked for. */

import { scaleDetections } from '../tasks/detection/formats/annotations.js';
import { toCoco } from '../tasks/detection/formats/coco.js';
import { curlCommand } from './curl.js';
import { CLASSES_FILE, exportName, photoName } from './names.js';
import { toHtml } from './page.js';
import { toJson } from '../tasks/detection/formats/json.js';
import { drawPicture, styleFor } from './picture.js';
import { toVoc } from '../tasks/detection/formats/voc.js';
import { toYolo, toYoloNames } from '../tasks/detection/formats/yolo.js';
import { zip } from './zip.js';
import { texts } from '../texts/texts.js';

/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('../types.js').Size} Size */

/**
 * @typedef {Readonly<{
 *   job: import('../app/job.js').Job,
 *   shown: readonly Detection[],
 *   choice: import('../app/choices.js').Choice,
 *   apiUrl: string,
 *   classCount: number,
 *   classes: readonly import('../types.js').Class[],
 *   photographOf: (job: import('../app/job.js').Job) => Promise<Blob | string>,
 *   colourOf: (classId: number) => string,
 *   placeLabels: Parameters<typeof drawPicture>[2]['placeLabels'],
 *   plateSize: (text: string, style: import('../view/mark.js').Style) => Size,
 * }>} Result
 *
 * @typedef {Readonly<{name: string, content: Blob}>} Kept
 */

const SHAPE_TOLERANCE = 0.02; // sizes are whole pixels, so that a small copy has not quite the same shape

/** @param {Detection} detection */
const textOf = ({ label, confidence }) => `${label} ${texts.percent(confidence)}`;

/**
 * Make a file.
 *
 * @param {'picture' | 'json' | 'coco' | 'yolo' | 'voc' | 'html'} kind
 * @param {Result} result
 * @returns {Promise<Kept>}
 */
export async function keep(kind, result) {
  const { job, shown, choice } = result;
  const answer = /** @type {import('../types.js').Answer} */ (job.answer);
  const size = { width: answer.width, height: answer.height };
  const name = photoName(job.name);
  if (kind === 'json') {
    const { confidence, iou } = choice;
    return text(exportName(name, 'json'), toJson({ name, size }, shown, { model: answer.model, confidence, iou }), 'application/json');
  }
  if (kind === 'html') return page(result, name, size);

  const original = await openOriginal(result, size);
  try {
    if (kind === 'picture') {
      const { colourOf, placeLabels } = result;
      return { name: exportName(name, kind), content: await drawPicture(original, shown, { size, colourOf, textOf, placeLabels }) };
    }
    const full = { width: original.width, height: original.height };
    const scaled = scaleDetections(shown, size, full);
    const known = { classes: [...result.classes, ...answer.candidates], classCount: result.classCount };
    if (kind === 'coco') return text(exportName(name, kind), toCoco({ name, size: full }, scaled, known), 'application/json');
    if (kind === 'voc') return text(exportName(name, kind), toVoc({ name, size: full }, scaled), 'application/xml');
    const files = [
      { name: exportName(name, 'yolo'), content: toYolo(full, scaled) },
      { name: CLASSES_FILE, content: toYoloNames(scaled, known) },
    ];
    return { name: exportName(name, 'yoloZip'), content: await zip(files) };
  } finally {
    original.close();
  }
}

/** @param {Result} result */
export function curlOf({ job, choice: { confidence, iou }, apiUrl }) {
  return curlCommand(apiUrl, job.name, { confidence, iou });
}

/**
 * @param {Result} result
 * @param {string} name
 * @param {Size} size
 * @returns {Promise<Kept>}
 */
async function page({ job, shown, photographOf, colourOf, placeLabels, plateSize }, name, size) {
  const style = styleFor(size);
  const sizes = shown.map((detection) => plateSize(textOf(detection), { ...style, thin: 1 }));
  const html = await toHtml({
    picture: blobOf(await photographOf(job)),
    size,
    detections: shown,
    labels: placeLabels(shown.map(({ box }) => box), sizes, size),
    style,
    colourOf,
    textOf,
    words: {
      language: texts.language,
      title: name,
      alt: texts.resultAlt(shown),
      caption: texts.foundBy(job.answer?.model ?? ''),
    },
  });
  return text(exportName(name, 'html'), html, 'text/html');
}

/**
 * Open the photograph at the size that it has, or the copy that was sent where this browser cannot read it or shows it
 * otherwise turned.
 *
 * @param {Result} result
 * @param {Size} sent
 */
async function openOriginal({ job, photographOf }, sent) {
  if (job.file) {
    try {
      const bitmap = await createImageBitmap(job.file);
      const shape = (bitmap.width / bitmap.height) * (sent.height / sent.width);
      if (Math.abs(shape - 1) <= SHAPE_TOLERANCE) return bitmap;
      bitmap.close();
    } catch {
      // No decoder: the copy is what there is.
    }
  }
  return createImageBitmap(blobOf(await photographOf(job)));
}

/** @param {Blob | string} photograph a picture, or one as a data URL of base64 */
function blobOf(photograph) {
  if (typeof photograph !== 'string') return photograph;
  const [head = '', base64 = ''] = photograph.split(',');
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: /^data:([^;]*)/.exec(head)?.[1] ?? '' });
}

/**
 * @param {string} name
 * @param {string} content
 * @param {string} type
 * @returns {Kept}
 */
function text(name, content, type) {
  return { name, content: new Blob([content], { type }) };
}
