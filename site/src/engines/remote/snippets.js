/**
 * Programs that ask the API what the page asks. tests/e2e/test_use_api.py runs them.
 *
 * Where programs need a key, they read it from the variable PAGESIGHT_KEY.
 */

import { curlCommand } from './curl.js';

/** @typedef {{address: string, status: () => Promise<import('./types.js').ServerAnswer>}} Server the API */

/**
 * @param {Server} server
 * @param {string} fileName of the photograph; it is taken for one in the current folder
 * @param {Readonly<Record<string, string | number>>} fields
 * @returns {Promise<readonly import('../contract.js').Snippet[]>}
 */
export async function snippetsOf(server, fileName, fields) {
  const needsKey = await isKeyNeeded(server);
  const { address } = server;
  const url = new URL(address).href;
  const name = fileName.split(/[/\\]/).at(-1) || 'photo.jpg';
  const asked = { ...fields, annotate: 'false' }; // without the picture with what was found drawn into it
  return [
    { language: 'curl', code: curlCommand(address, fileName, asked, needsKey) },
    { language: 'Python', code: pythonOf(url, name, asked, needsKey) },
    { language: 'JavaScript', code: javaScriptOf(url, name, asked, needsKey) },
  ];
}

/**
 * @param {Server} server
 * @param {string} fileName
 * @param {Readonly<Record<string, string | number>>} fields
 */
export async function curlOf(server, fileName, fields) {
  return curlCommand(server.address, fileName, fields, await isKeyNeeded(server));
}

/**
 * Whether programs need a key here; no, if the server does not say.
 *
 * @param {Server} server
 */
async function isKeyNeeded({ status }) {
  return status().then(({ needsKey = false }) => needsKey, () => false);
}

/**
 * @param {string} url
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} fields
 * @param {boolean} needsKey
 */
function pythonOf(url, name, fields, needsKey) {
  const data = Object.entries(fields).map(([key, value]) => `${written(key)}: ${written(value)}`);
  const header = '\n        headers={"Authorization": "Bearer " + os.environ["PAGESIGHT_KEY"]},';
  return `${needsKey ? 'import os\n\n' : ''}import requests

with open(${written(name)}, "rb") as photo:
    answer = requests.post(
        ${written(url)},
        files={"file": photo},
        data={${data.join(', ')}},${needsKey ? header : ''}
        timeout=60,
    )
answer.raise_for_status()
print(answer.json())
`;
}

/**
 * For Node.js from version 20 on; in a browser, the file is that of an input.
 *
 * @param {string} url
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} fields
 * @param {boolean} needsKey
 */
function javaScriptOf(url, name, fields, needsKey) {
  const header = ', headers: { Authorization: `Bearer ${process.env.PAGESIGHT_KEY}` }';
  const appended = Object.entries(fields).map(([key, value]) => `form.append(${written(key)}, ${written(String(value))});\n`);
  return `import { openAsBlob } from "node:fs";

const form = new FormData();
form.append("file", await openAsBlob(${written(name)}), ${written(name)});
${appended.join('')}const answer = await fetch(${written(url)}, { method: "POST", body: form${needsKey ? header : ''} });
if (!answer.ok) throw new Error(await answer.text());
console.log(await answer.json());
`;
}

/**
 * As a literal of Python and of JavaScript, which both read those of JSON.
 *
 * @param {string | number} value
 */
function written(value) {
  return JSON.stringify(value);
}
