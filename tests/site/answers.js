/** An answer as openapi.yaml describes it. */

export const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVQI12NoAAAAggCB3UNq9AAAAABJRU5ErkJggg==';

export const dog = Object.freeze({
  label: 'dog',
  class_id: 16,
  confidence: 0.98,
  box: { x1: 130.1, y1: 220.4, x2: 309.8, y2: 542 },
});

/** @param {object} [changes] */
export function answer(changes = {}) {
  return {
    name: 'dog.jpg',
    image: PIXEL,
    width: 768,
    height: 576,
    detections: [dog],
    model: 'yolov3',
    timings_ms: { decode: 6.1, inference: 68, render: 4.2, queue: 0 },
    request_id: 'r-1',
    ...changes,
  };
}

/** @param {object} [changes] */
export function status(changes = {}) {
  return {
    status: 'online',
    message: 'GET request received',
    model: 'yolov3',
    classes: 80,
    version: '1.0.0',
    uptime_s: 12.5,
    queue: { running: 0, waiting: 0, capacity: 4 },
    ...changes,
  };
}
