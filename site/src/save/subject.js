/** What is kept of a job, for the formats. Loaded when something is kept. */

import { coverBitmap, coverPhotograph } from './cover.js';
import { blobOf } from './data-url.js';
import { photoName } from './names.js';

export { showCovered } from './cover.js';

/** @typedef {import('../app/job.js').Job} Job */
/** @typedef {import('../media/types.js').Size} Size */
/** @typedef {import('./formats.js').Subject} Subject */

const SHAPE_TOLERANCE = 0.02; // sizes are whole pixels, so that a small copy has not quite the same shape

/**
 * @param {Pick<Subject, 'job' | 'task' | 'shown' | 'choice' | 'labels'> & {
 *   answer: Subject['answer'],
 *   photographOf: (job: Job) => Promise<Blob | string>,
 * }} current
 * @returns {Subject}
 */
export function subjectOf({ photographOf, ...current }) {
  const { job, answer } = current;
  const size = { width: answer.width, height: answer.height };
  // What nobody may see is in neither, so no form that is kept can have it.
  const regions = current.task.covered?.(current.shown) ?? [];
  const plain = async () => blobOf(await photographOf(job));
  const photograph = async () => (regions.length > 0 ? coverPhotograph(await plain(), regions, size) : plain());
  const open = () => openOriginal(job, size, plain);
  const original = async () => (regions.length > 0 ? coverBitmap(await open(), regions, size) : open());
  return {
    ...current,
    name: photoName(job.name),
    size,
    photograph,
    original,
    async originalSize() {
      const bitmap = await original();
      const { width, height } = bitmap;
      bitmap.close();
      return { width, height };
    },
  };
}

/**
 * Open the photograph at the size that it has, or the copy that was worked on where this browser cannot read it or shows it
 * otherwise turned.
 *
 * @param {Job} job
 * @param {Size} size
 * @param {() => Promise<Blob>} photograph
 */
async function openOriginal({ file }, size, photograph) {
  if (file) {
    try {
      const bitmap = await createImageBitmap(file);
      const shape = (bitmap.width / bitmap.height) * (size.height / size.width);
      if (Math.abs(shape - 1) <= SHAPE_TOLERANCE) return bitmap;
      bitmap.close();
    } catch {
      // No decoder: the copy is what there is.
    }
  }
  return createImageBitmap(await photograph());
}
