import { expect, test } from 'vitest';
import { escapeMarkup } from '../../../site/src/save/markup.js';
import { classNames, scaleDetections } from '../../../site/src/tasks/detection/formats/annotations.js';
import { toCoco } from '../../../site/src/tasks/detection/formats/coco.js';
import { toJson } from '../../../site/src/tasks/detection/formats/json.js';
import { toVoc } from '../../../site/src/tasks/detection/formats/voc.js';
import { toYolo, toYoloNames } from '../../../site/src/tasks/detection/formats/yolo.js';
import { found, NASTY, photo } from './photo.js';

const [dog, truck] = found;

test('JSON has the form of an answer of the API', () => {
  const written = JSON.parse(toJson(photo, found, { model: 'yolov3', confidence: 0.25, iou: 0.45 }));
  expect(written).toMatchObject({ name: 'dog.jpg', width: 768, height: 576 });
  expect(written).toMatchObject({ model: 'yolov3', confidence: 0.25, iou: 0.45 });
  expect(written.detections[0]).toEqual({
    label: 'dog', class_id: 16, confidence: 0.987654, box: { x1: 130.123, y1: 220.4, x2: 309.8, y2: 542 },
  });
  expect(written.detections[2]).toMatchObject({ label: NASTY, edited: true });
});

test('COCO has boxes as corner and size, and refers to categories that are there', () => {
  const { images, annotations, categories } = JSON.parse(toCoco(photo, found));
  expect(images).toEqual([{ id: 1, file_name: 'dog.jpg', width: 768, height: 576 }]);
  expect(annotations[0]).toEqual({
    id: 1, image_id: 1, category_id: 17, bbox: [130.123, 220.4, 179.677, 321.6], area: 57784.123, iscrowd: 0,
    segmentation: [[130.123, 220.4, 309.8, 220.4, 309.8, 542, 130.123, 542]], score: 0.987654,
  });
  expect(annotations.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(categories.map(({ id }) => id)).toEqual([3, 8, 17]);
  expect(categories[2]).toEqual({ id: 17, name: 'dog', supercategory: '' });
});

const OUTLINED = {
  ...dog,
  polygon: [{ x: 100, y: 100 }, { x: 200, y: 100 }, { x: 200, y: 300 }],
  keypoints: [{ name: 'nose', x: 110, y: 120, confidence: 0.9 }],
};

test('an outline is COCO’s segmentation, and JSON has it as the API answers it', () => {
  const [annotation] = JSON.parse(toCoco(photo, [OUTLINED])).annotations;
  expect(annotation).toMatchObject({ segmentation: [[100, 100, 200, 100, 200, 300]], area: 10_000 });
  const [written] = JSON.parse(toJson(photo, [OUTLINED], { model: 'm' })).detections;
  expect(written).toMatchObject({ polygon: [[100, 100], [200, 100], [200, 300]], keypoints: OUTLINED.keypoints });
});

test('an outline and key points can be measured in the original', () => {
  const [scaled] = scaleDetections([OUTLINED], photo.size, { width: 1536, height: 1152 });
  expect(scaled.polygon[2]).toEqual({ x: 400, y: 600 });
  expect(scaled.keypoints).toEqual([{ name: 'nose', x: 220, y: 240, confidence: 0.9 }]);
});

test('YOLO has centres and sizes in shares of the picture', () => {
  const square = { ...dog, box: { x1: 192, y1: 144, x2: 576, y2: 288 } };
  expect(toYolo(photo.size, [square, truck])).toBe(
    '16 0.500000 0.375000 0.500000 0.250000\n7 0.500000 0.500000 1.000000 1.000000\n',
  );
  expect(toYolo(photo.size, [])).toBe('');
});

test('YOLO’s names stand in the line of their class id', () => {
  const names = toYoloNames([truck], { classes: [{ classId: 2, label: 'one\nline' }], classCount: 10 }).split('\n');
  expect(names).toHaveLength(11);
  expect([names[0], names[2], names[7], names[10]]).toEqual(['class_0', 'one line', 'truck', '']);
  expect(toYoloNames([])).toBe('');
});

test('VOC counts pixels from 1', () => {
  const boxes = [...toVoc(photo, found).matchAll(/<(xmin|ymin|xmax|ymax)>(\d+)</g)].map(([, , value]) => Number(value));
  expect(boxes.slice(0, 4)).toEqual([131, 221, 310, 542]);
  expect(boxes.slice(4, 8)).toEqual([1, 1, 768, 576]);
  expect(boxes.slice(8)).toEqual([768, 576, 768, 576]); // less than a pixel at the far corner
});

test('markup stays text, and what XML cannot write is left out', () => {
  expect(toVoc(photo, found)).not.toMatch(/<script|[\u0000\ud800](?![\udc00-\udfff])/);
  expect(escapeMarkup(`<a b="c" d='e'>&\u0000\ufffe\ud800😀`)).toBe(
    '&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;😀',
  );
});

test('names classes, the found ones before the merely known', () => {
  const classes = [{ classId: 16, label: 'hound' }, { classId: 1, label: ' ' }];
  const names = classNames([dog], { classes, classCount: 2 });
  expect([...names]).toEqual([[0, 'class_0'], [1, 'class_1'], [16, 'dog']]);
});

test('boxes can be measured in the original', () => {
  const [scaled] = scaleDetections([truck], photo.size, { width: 1536, height: 2880 });
  expect(scaled).toEqual({ ...truck, box: { x1: 0, y1: 0, x2: 1536, y2: 2880 } });
});
