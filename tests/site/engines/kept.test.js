import { expect, test } from 'vitest';
import { createRemoteEngine } from '../../../site/src/engines/remote/engine.js';

const PICTURE = { file: new File(['x'], 'dog.jpg'), upright: true, size: null };
const ASKED = { task: null, model: null, fields: {}, signal: new AbortController().signal, onStage: () => {} };

test('nothing is sent to the server while photographs are kept', async () => {
  let isKept = true;
  const engine = createRemoteEngine({ apiUrl: 'http://127.0.0.1:1/', isKept: () => isKept });
  await expect(engine.run(PICTURE, ASKED)).rejects.toMatchObject({ kind: 'kept' });
  await expect(engine.plainPicture(PICTURE, ASKED.signal)).rejects.toMatchObject({ kind: 'kept' });
  isKept = false;
  await expect(engine.run(PICTURE, ASKED)).rejects.not.toMatchObject({ kind: 'kept' });
});
