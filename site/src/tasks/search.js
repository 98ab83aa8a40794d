/** What is looked for in texts: regardless of case, of accents and of how wide the gaps are. */

export const QUERY_MAX = 100; // characters

/**
 * @param {string} query
 * @returns {(text: string) => boolean} whether a text has it; all texts have nothing
 */
export function matcherOf(query) {
  const wanted = plain(query).trim();
  return (text) => plain(text).includes(wanted);
}

/** @param {string} text */
function plain(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ');
}

/**
 * What is looked for, as an address has it.
 *
 * @param {URLSearchParams} values
 * @param {string} fallback
 */
export function queryOf(values, fallback) {
  return values.get('find')?.replace(/\p{Cc}/gu, '').slice(0, QUERY_MAX) ?? fallback;
}
