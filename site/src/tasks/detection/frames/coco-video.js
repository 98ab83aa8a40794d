/**
 * COCO's form for videos, as TAO and its kin have it (https://github.com/TAO-Dataset/tao): videos, their
 * frames as images, tracks, and annotations of one frame each. Ids count from 1, as in formats/coco.js.
 */

import { frameName } from '../../../save/video/names.js';
import { attributesOf, classNames, rounded } from '../formats/annotations.js';

/** @typedef {import('../types.js').Detection} Detection */

const VIDEO_ID = 1;

/**
 * @param {Readonly<{name: string, size: import('../../../media/types.js').Size}>} video
 * @param {readonly Readonly<{timeS: number, shown: {detections: readonly Detection[]}}>[]} frames
 * @param {readonly string[]} [known] the model's labels
 * @returns {string}
 */
export function toCocoVideo({ name, size: { width, height } }, frames, known = []) {
  const all = frames.flatMap(({ shown }, frame) => shown.detections.map((one) => ({ one, frame })));
  /** @type {Map<number, number>} */
  const categoryOfTrack = new Map();
  for (const { one } of all) if (one.track !== undefined) categoryOfTrack.set(one.track, one.classId + 1);
  const classes = known.map((label, classId) => ({ classId, label }));
  const dataset = {
    info: { description: `Objects in ${name}` },
    licenses: [],
    videos: [{ id: VIDEO_ID, name, width, height }],
    images: frames.map(({ timeS }, frame) => {
      return { id: frame + 1, video_id: VIDEO_ID, frame_index: frame, time_s: rounded(timeS, 6), file_name: frameName(frame), width, height };
    }),
    tracks: [...categoryOfTrack].map(([id, categoryId]) => ({ id, video_id: VIDEO_ID, category_id: categoryId })),
    annotations: all.map(({ one: { classId, confidence, track, attributes, box: { x1, y1, x2, y2 } }, frame }, index) => {
      return {
        id: index + 1,
        image_id: frame + 1,
        video_id: VIDEO_ID,
        ...(track === undefined ? {} : { track_id: track }),
        category_id: classId + 1,
        bbox: [x1, y1, x2 - x1, y2 - y1].map((value) => rounded(value, 3)),
        area: rounded((x2 - x1) * (y2 - y1), 3),
        iscrowd: 0,
        score: rounded(confidence, 6),
        ...attributesOf(attributes),
      };
    }),
    categories: [...classNames(all.map(({ one }) => one), { classes })].map(([classId, label]) => ({
      id: classId + 1, name: label, supercategory: '',
    })),
  };
  return `${JSON.stringify(dataset, null, 1)}\n`;
}
