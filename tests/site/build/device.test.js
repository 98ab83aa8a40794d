// The model for the visitor's device is the one that site.json names, or the build stops.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deviceModel } from '../../../site/build/device.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pagesight-device-'));
  process.env.PAGESIGHT_DEVICE_DIR = folder;
});

afterEach(() => {
  delete process.env.PAGESIGHT_DEVICE_DIR;
  rmSync(folder, { recursive: true });
});

/** @param {string} [name] of the model that was made */
function build(name) {
  if (name) writeFileSync(join(folder, 'model.json'), JSON.stringify({ file: 'a.onnx.gz', bytes: 1, card: { name } }));
  const plugin = deviceModel();
  plugin.configResolved({ command: 'build' });
  return plugin.load('\0virtual:device');
}

test('a page without a model has none', () => {
  expect(build()).toBe('export const device = null;');
});

test('another model than the one that site.json names stops the build', () => {
  expect(() => build('yolov3-tiny')).toThrow('site/device holds yolov3-tiny, and site.json says "device": "yolox-nano"');
});
