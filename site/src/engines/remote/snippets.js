/** Programs that ask the API what the page asks. tests/e2e/test_use_api.py runs them. */

import { curlCommand } from './curl.js';

export { curlCommand };

/**
 * @param {string} address of the API
 * @param {string} fileName of the photograph; it is taken for one in the current folder
 * @param {Readonly<Record<string, string | number>>} fields
 * @returns {readonly import('../contract.js').Snippet[]}
 */
export function snippetsOf(address, fileName, fields) {
  const url = new URL(address).href;
  const name = fileName.split(/[/\\]/).at(-1) || 'photo.jpg';
  const asked = { ...fields, annotate: 'false' }; // without the picture with what was found drawn into it
  return [
    { language: 'curl', code: curlCommand(address, fileName, asked) },
    { language: 'Python', code: pythonOf(url, name, asked) },
    { language: 'JavaScript', code: javaScriptOf(url, name, asked) },
  ];
}

/**
 * @param {string} url
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} fields
 */
function pythonOf(url, name, fields) {
  const data = Object.entries(fields).map(([key, value]) => `${written(key)}: ${written(value)}`);
  return `import requests

with open(${written(name)}, "rb") as photo:
    answer = requests.post(
        ${written(url)},
        files={"file": photo},
        data={${data.join(', ')}},
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
 */
function javaScriptOf(url, name, fields) {
  const appended = Object.entries(fields).map(([key, value]) => `form.append(${written(key)}, ${written(String(value))});\n`);
  return `import { openAsBlob } from "node:fs";

const form = new FormData();
form.append("file", await openAsBlob(${written(name)}), ${written(name)});
${appended.join('')}const answer = await fetch(${written(url)}, { method: "POST", body: form });
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
