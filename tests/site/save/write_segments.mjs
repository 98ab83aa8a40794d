// Writes COCO files of a class map, for test_segment_readers.py: reads {mask, size, classes} from standard input.

import { readFileSync } from 'node:fs';
import { createClassMap } from '../../../site/src/tasks/segmentation/class-map.js';
import { toCoco } from '../../../site/src/tasks/segmentation/formats/coco.js';

const { mask, size, classes } = JSON.parse(readFileSync(0, 'utf8'));
const map = await createClassMap(mask).read();
const write = (form) => toCoco({ name: 'dog.jpg', size }, map, classes, { form, known: ['nothing', 'sky', 'tree', 'boat'] });

console.log(JSON.stringify({
  ids: Buffer.from(Uint16Array.from(map.ids).buffer).toString('base64'),
  rle: JSON.parse(write('rle')),
  polygons: JSON.parse(write('polygons')),
}));
