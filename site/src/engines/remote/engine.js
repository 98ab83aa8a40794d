/** The server as an engine. */

import { texts } from '../../texts/texts.js';
import { createClient } from './client.js';
import { post } from './post.js';
import { problemFromAnswer } from './problem.js';

const TOO_OFTEN = 429;

/**
 * @param {{apiUrl: string, isKept: () => boolean}} page isKept: whether nothing of the visitor's may leave the device
 * @returns {import('../contract.js').Engine}
 */
export function createRemoteEngine({ apiUrl, isKept }) {
  /** @type {typeof post} */
  const sendOnce = async (...form) => {
    if (isKept()) throw Object.assign(new Error('Nothing may be sent.'), { kind: 'kept' });
    return post(...form);
  };
  /** @type {typeof post} */
  const send = async (url, form, options) => {
    const answer = await sendOnce(url, form, options);
    if (answer.status !== TOO_OFTEN || !answer.body.includes('"challenge"')) return answer;
    const part = await import('./proof.js').catch(() => null);
    return part ? part.prove(answer, (proof) => sendOnce(url, form, { ...options, proof }), options) : answer;
  };
  const client = createClient(apiUrl, { send });
  const server = { address: apiUrl, status: client.status };
  return Object.freeze({
    id: 'remote',
    place: 'server',
    label: () => texts.places.server(''),
    run: client.run,
    plainPicture: client.plainPicture,
    models: client.models,
    labels: client.labels,
    status: client.status,
    jobs: (create) => create(apiUrl, { post: send, problemFromAnswer }),
    snippets: async (fileName, fields) => (await import('./snippets.js')).snippetsOf(server, fileName, fields),
    formats: [
      {
        id: 'curl',
        label: () => texts.curl.label,
        hint: () => texts.curl.hint,
        type: 'text/plain',
        async copied({ job, task, choice }) {
          const { curlOf } = await import('./snippets.js');
          return curlOf(server, job.name, task.fieldsOf(choice));
        },
      },
    ],
  });
}
