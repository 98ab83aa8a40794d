import { expect, test } from 'vitest';
import { exportName, photoName } from '../../../site/src/save/names.js';

test.each([
  ['dog.jpg', 'yolo', 'dog.txt'],
  ['dog.jpg', 'voc', 'dog.xml'],
  ['dog.jpg', 'picture', 'dog-detected.jpg'],
  ['dog.jpg', 'html', 'dog-detections.html'],
  ['My dog (2).HEIC', 'coco', 'My dog (2)-coco.json'],
  ['Tür & Tor.jpeg', 'json', 'Tür & Tor-detections.json'],
  ['v1.2.photo.png', 'yolo', 'v1.2.photo.txt'],
])('%s as %s is %s', (name, kind, expected) => {
  expect(exportName(name, kind)).toBe(expected);
});

test.each([
  ['../../etc/passwd', 'passwd.txt'],
  ['C:\\Windows\\win.ini', 'win.txt'],
  ['', 'photo.txt'],
  ['.jpg', 'photo.txt'],
  ['..', 'photo.txt'],
  ['.hidden.jpg', 'hidden.txt'],
  ['-rf.jpg', 'rf.txt'],
  ['a<b>:"|?*.jpg', 'a b.txt'],
  ['line\nbreak\u0000.jpg', 'line break.txt'],
  ['gpj\u202eexe.jpg', 'gpj exe.txt'],
  ['con.jpg', 'photo-con.txt'],
  ['LPT1.jpg', 'photo-LPT1.txt'],
  ['half \ud800.jpg', 'half.txt'],
])('%j becomes the harmless %s', (name, expected) => {
  expect(exportName(name, 'yolo')).toBe(expected);
});

test('a name does not become too long, nor is a character cut in half', () => {
  expect(exportName(`${'😀'.repeat(300)}.jpg`, 'yolo')).toBe(`${'😀'.repeat(80)}.txt`);
});

test.each([
  ['holiday/Dog.JPG', 'Dog.jpg'],
  ['pasted', 'pasted.jpg'],
  ['a;b.p?g', 'a;b.p g.jpg'],
])('annotations of %s refer to %s', (name, expected) => {
  expect(photoName(name)).toBe(expected);
});
