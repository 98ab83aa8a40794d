// Writes what the page exports, for test_readers.py: reads {name, size, detections, ...} from standard input.

import { readFileSync } from 'node:fs';
import { toCoco } from '../../../site/src/tasks/detection/formats/coco.js';
import { curlCommand } from '../../../site/src/engines/remote/curl.js';
import { photoName } from '../../../site/src/save/names.js';
import { toHtml } from '../../../site/src/save/page.js';
import { toJson } from '../../../site/src/tasks/detection/formats/json.js';
import { marksOf } from '../../../site/src/tasks/detection/marks.js';
import { toVoc } from '../../../site/src/tasks/detection/formats/voc.js';
import { toYolo, toYoloNames } from '../../../site/src/tasks/detection/formats/yolo.js';
import { zip } from '../../../site/src/save/zip.js';

const { name, size, detections: found, classCount, request, skeleton } = JSON.parse(readFileSync(0, 'utf8'));
const detections = found.map(({ class_id: classId, ...rest }) => ({ classId, ...rest }));
const photo = { name: photoName(name), size };
const yolo = toYolo(size, detections);
const names = toYoloNames(detections, { classCount });
const archive = await zip([
  { name: 'labels/ä.txt', content: yolo },
  { name: 'classes.txt', content: names },
  { name: 'images/empty', content: '' },
  { name: 'images/bytes', content: new Blob([Uint8Array.from({ length: 70_000 }, (_, at) => at)]) },
]);
const html = await toHtml({
  picture: new Blob([Uint8Array.of(1, 2, 3)], { type: 'image/jpeg' }),
  size,
  groups: marksOf(detections, { labelOf: ({ label }) => label, nameOf: ({ label }) => label }),
  rows: detections.map(({ label }) => ({ label, figure: '', share: 1, colour: '#123456' })),
  words: { language: 'en', title: name, alt: name, caption: name },
});

console.log(JSON.stringify({
  json: toJson(photo, detections, { model: 'yolov3-tiny' }),
  coco: toCoco(photo, detections, { classCount, skeleton }),
  yolo,
  names,
  voc: toVoc(photo, detections),
  html,
  zip: Buffer.from(await archive.arrayBuffer()).toString('base64'),
  curl: curlCommand(request.address, request.file, { confidence: 0.3, iou: 0.5, max_detections: 7 }),
}));
