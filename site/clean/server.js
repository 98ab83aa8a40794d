/** Asks the program on this machine that serves this page. */

/** What went wrong, in the program's own words; '' if it has ended. */
export class Refusal extends Error {}

/**
 * @param {string} path below the page's own address
 * @param {unknown} [body] makes it a POST
 * @returns {Promise<any>} the JSON that was answered
 * @throws {Refusal}
 */
export async function ask(path, body) {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const response = await fetch(path, sent).catch(() => null);
  const answer = await response?.json().catch(() => null);
  if (!response || !answer) throw new Refusal('');
  if (!response.ok) throw new Refusal(String(answer.detail));
  return answer;
}

/** @param {number} id of a photograph @param {'small' | 'large' | 'full'} size */
export function pictureUrl(id, size) {
  return `photographs/${id}/${size}`;
}
