// @vitest-environment happy-dom
// The page's own HTML, and what it shows and does in each state.

import { beforeEach, describe, expect, test, vi } from 'vitest';
import html from '../../../site/index.html?raw';
import { classColour } from '../../../site/src/marks/colour.js';
import { detection as task } from '../../../site/src/tasks/detection/task.js';
import { createPage } from '../../../site/src/view/page.js';
import { PIXEL } from '../answers.js';

const body = /<body>(.*)<\/body>/s.exec(html)?.[1] ?? '';
const IMAGE = { file: new File(['x'], 'dog.jpg', { type: 'image/jpeg' }), upright: true, size: { width: 400, height: 300 } };
const OWNER = { title: { en: 'A page', de: 'Eine Seite' }, tagline: 'See.', about: '', links: [] };
const EXAMPLES = [{ name: 'kite.jpg', caption: { en: 'Kites', de: 'Drachen' }, url: './kite.jpg', thumbnail: './small.jpg' }];

/** @param {string} id */
const get = (id) => document.getElementById(id);
const state = () => get('frame').dataset.state;
const shows = (id) => !get(id).closest('[hidden]');

/** @param {...object} detections */
const answerOf = (...detections) => ({
  name: 'dog.jpg',
  task: 'detection',
  model: 'yolov3',
  place: 'server',
  image: PIXEL,
  width: 400,
  height: 300,
  timings: { inference: 184 },
  result: { detections, candidates: detections },
});
const detection = (label, confidence, classId = 16) => ({ label, classId, confidence, box: { x1: 0, y1: 0, x2: 1, y2: 1 } });
/** @param {object} answer @param {object} [changes] */
function showResult(answer, changes = {}) {
  page.showResult({ answer, prepared: IMAGE, timings: {}, edits: null });
  const choice = task.choice.defaults;
  const shown = task.refine(answer.result, choice, null);
  const painted = { marks: task.marks(shown), rows: task.rows(shown), words: task.words(shown) };
  const view = { isStart: true, isEdited: false, isOwn: false, hasDrawn: true, isAdjustable: shown.isAdjustable };
  page.showView({ task, shown, choice, ...painted, ...view, ...changes });
}

const failure = (changes) => ({ kind: 'busy', detail: '', requestId: '', waitS: null, ...changes });

let page;
let did;

/** @param {readonly object[]} [examples] @param {readonly object[]} [engines] */
function open(examples = EXAMPLES, engines = [{ id: 'remote', label: () => 'Server' }]) {
  document.body.innerHTML = body;
  const names = ['onFiles', 'onAdd', 'onExample', 'onCancel', 'onRemove', 'onRetrySelected', 'onReset', 'onRetry', 'onSelect', 'onSave', 'onEdit', 'onDiscard', 'onEngine'];
  const further = ['onTouch', 'onChoice', 'onSettled', 'onServer', 'onResetView'];
  did = Object.fromEntries([...names, ...further].map((name) => [name, vi.fn()]));
  const summaryOf = () => ({ many: 1, title: '' });
  page = createPage({ site: { ...OWNER, examples }, engines, formats: () => [], summaryOf, ...did });
}

beforeEach(() => open());

describe('an empty page', () => {
  test('invites, and shows nothing that has nothing to control', () => {
    expect(state()).toBe('empty');
    expect(shows('file-input')).toBe(true);
    expect(['preview', 'cancel', 'retry', 'reset', 'detections', 'error', 'edit', 'save', 'strip'].filter(shows)).toEqual([]);
  });

  test('hands on the file that is chosen, and takes the same file again', () => {
    const input = get('file-input');
    const file = new File(['x'], 'a.jpg');
    Object.defineProperties(input, { files: { value: [file] }, value: { value: 'C:\\fakepath\\a.jpg', writable: true } });
    input.dispatchEvent(new Event('change'));
    expect(did.onFiles).toHaveBeenCalledWith([file]);
    expect(input.value).toBe('');
  });

  test.each(['drop', 'paste'])('hands on the file of a %s', (type) => {
    const file = new File(['x'], 'a.jpg');
    const event = new Event(type, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types: ['Files'], files: [file] }, clipboardData: { files: [file] } });
    document.body.dispatchEvent(event);
    expect(did.onFiles).toHaveBeenCalledWith([file]);
  });

  test('leaves a dropped text to the browser', () => {
    const event = Object.assign(new Event('drop', { bubbles: true, cancelable: true }), {
      dataTransfer: { types: ['text/plain'], files: [] },
    });
    document.body.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
    expect(did.onFiles).not.toHaveBeenCalled();
  });

  test('offers the examples by their captions', () => {
    const button = document.querySelector('#example-list button');
    expect(button.textContent).toBe('Kites');
    expect(button.querySelector('img').getAttribute('src')).toBe('./small.jpg');
    button.click();
    expect(did.onExample).toHaveBeenCalledWith(EXAMPLES[0]);
  });

  test('hides the examples when there are none', () => {
    open([]);
    expect(shows('examples')).toBe(false);
  });
});

describe('a page at work', () => {
  test('shows the photo in space that is taken in advance', () => {
    page.showPicture(IMAGE);
    expect(state()).toBe('working');
    expect(get('frame').style.getPropertyValue('--ratio')).toBe('400 / 300');
    expect(get('preview').src).toMatch(/^blob:/);
    expect(shows('cancel')).toBe(true);
    expect(shows('file-input')).toBe(false);
  });

  test('tells how far the upload is, then that objects are looked for', () => {
    page.showPicture(IMAGE);
    page.showStage({ name: 'sending', fraction: 0.256 }, 1000);
    expect(get('progress-text').textContent).toBe('Uploading… 25%');
    expect(get('progress').value).toBeCloseTo(0.256);
    page.showStage({ name: 'working' }, 1000);
    expect(get('progress-text').textContent).toBe('Finding objects…');
    expect(get('progress').hasAttribute('value')).toBe(false);
    expect(get('announcer').textContent).toBe('Finding objects…');
  });

  test('is cancelled by the button and by Escape, and only then', () => {
    const escape = () => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    escape();
    expect(did.onCancel).not.toHaveBeenCalled();
    page.showOpening();
    escape();
    get('cancel').click();
    expect(did.onCancel).toHaveBeenCalledTimes(2);
  });

  test('has room for a photo that this browser cannot show', () => {
    page.showPicture({ ...IMAGE, upright: false, size: null });
    get('preview').dispatchEvent(new Event('error'));
    expect(shows('preview')).toBe(false);
    expect(get('no-preview').textContent).toMatch(/dog\.jpg/);
    expect(shows('no-preview')).toBe(true);
  });
});

describe('a page with a result', () => {
  test('shows the picture that came back, in the same frame', () => {
    page.showPicture(IMAGE);
    showResult(answerOf(detection('dog', 0.98)));
    expect(state()).toBe('result');
    expect(get('preview').src).toBe(PIXEL);
    expect(get('preview').alt).toBe('Your photo with 1 object marked: dog 98%');
    expect(get('caption').textContent).toBe('dog.jpg · 400 × 300 · found in 0.18 s');
    expect(shows('reset')).toBe(true);
  });

  test('lists each detection with its confidence, and says it aloud', () => {
    showResult(answerOf(detection('dog', 0.98), detection('truck', 0.914)));
    const items = [...document.querySelectorAll('#detections > li')].map((item) => item.textContent);
    expect(items).toEqual(['dog98%', 'truck91%']);
    expect(get('announcer').textContent).toBe('2 objects found: dog 98%, truck 91%');
  });

  test('shows the photo where nobody has drawn into it', async () => {
    showResult({ ...answerOf(detection('dog', 0.98)), image: null, place: 'device' }, { hasDrawn: false });
    expect(get('preview').src).toMatch(/^blob:/);
    expect(shows('as-server')).toBe(false);
    await vi.waitFor(() => expect(get('place').textContent).toBe('On this device, with yolov3'));
  });

  test('says so when nothing was found', () => {
    showResult(answerOf());
    expect(get('summary-title').textContent).toBe('Nothing found');
    expect(get('detections').children).toHaveLength(0);
  });

  test('shows markup in a label as text', () => {
    showResult(answerOf(detection('<img src=x onerror=alert(1)>', 0.5)));
    expect(document.querySelector('#detections img')).toBeNull();
    expect(get('detections').textContent).toContain('<img');
  });

  test('forgets it when the next photo begins', () => {
    showResult(answerOf(detection('dog', 0.98)));
    page.showOpening();
    expect(shows('detections')).toBe(false);
    expect(get('detections').children).toHaveLength(0);
  });

  test('is emptied by a reset', () => {
    showResult(answerOf(detection('dog', 0.98)));
    get('reset').click();
    expect(did.onReset).toHaveBeenCalledOnce();
    page.showEmpty();
    expect(state()).toBe('empty');
    expect(get('preview').hasAttribute('src')).toBe(false);
    expect(get('frame').style.getPropertyValue('--ratio')).toBe('');
  });
});

describe('a page with an error', () => {
  test('keeps the photo and offers to try again', () => {
    page.showPicture(IMAGE);
    page.showFailure(failure({ waitS: 5 }));
    expect(state()).toBe('error');
    expect(get('error').textContent).toMatch(/busy.*5 seconds/);
    expect(['preview', 'retry', 'reset'].every(shows)).toBe(true);
    get('retry').click();
    expect(did.onRetrySelected).toHaveBeenCalledOnce();
  });

  test('offers another photo, not another try, where trying does not help', () => {
    page.showFailure(failure({ kind: 'not-an-image' }));
    expect(shows('retry')).toBe(false);
    expect(shows('file-input')).toBe(true);
    expect(shows('reset')).toBe(false); // it would do the same
  });

  test('shows what the server says about the photo, as text', () => {
    page.showFailure(failure({ kind: 'refused-image', detail: 'It has <b>30</b> megapixels.' }));
    expect(get('error').textContent).toContain('It has <b>30</b> megapixels.');
    expect(document.querySelector('#error b')).toBeNull();
  });

  test('names the request only where it helps to find a fault of the server', () => {
    page.showFailure(failure({ kind: 'server', requestId: 'r-1' }));
    expect(get('error').textContent).toMatch(/r-1/);
    page.showFailure(failure({ kind: 'busy', requestId: 'r-1' }));
    expect(get('error').textContent).not.toMatch(/r-1/);
  });

  test('forgets the error when the work begins again', () => {
    page.showFailure(failure({}));
    page.showPicture(IMAGE);
    expect(get('error').textContent).toBe('');
    expect(shows('retry')).toBe(false);
  });
});

describe('the focus', () => {
  test('goes from the picker to Cancel, to the findings, and back', () => {
    get('file-input').focus();
    page.showOpening();
    expect(document.activeElement).toBe(get('cancel'));
    showResult(answerOf());
    expect(document.activeElement).toBe(get('summary-title'));
    get('reset').focus();
    page.showEmpty();
    expect(document.activeElement).toBe(get('file-input'));
  });

  test('stays with somebody who is elsewhere', () => {
    const example = document.querySelector('#example-list button');
    example.focus();
    page.showOpening();
    page.showFailure(failure({}));
    expect(document.activeElement).toBe(example);
  });
});

describe('the light', () => {
  test.each([
    ['connecting', '', 'Connecting…'],
    ['online', 'yolov3', 'Online · yolov3'],
    ['busy', 'yolov3', 'Busy · yolov3'],
    ['offline', 'yolov3', 'Offline'],
  ])('shows %s', (light, model, text) => {
    page.showStatus({ light, model, queue: null, reason: '', checkedAt: null });
    expect([get('status').dataset.state, get('status').textContent]).toEqual([light, text]);
    expect(shows('offline-note')).toBe(light === 'offline');
  });
});

test('a class has the colour that the API draws it in', () => {
  expect(classColour(0)).toBe('oklch(0.78 0.14 0.5000rad)');
  expect(classColour(2)).toBe('oklch(0.78 0.14 5.2999rad)');
});

test('what computes can be chosen where there is a choice', async () => {
  expect(shows('engine')).toBe(false);
  open(EXAMPLES, [{ id: 'remote', label: () => 'Server' }, { id: 'local', label: () => 'Here' }]);
  await vi.waitFor(() => expect(shows('engine')).toBe(true));
  const select = get('engine');
  expect([...select.options].map(({ textContent }) => textContent)).toEqual(['Server', 'Here']);
  select.value = 'local';
  select.dispatchEvent(new Event('change'));
  expect(did.onEngine).toHaveBeenCalledWith('local');
});
