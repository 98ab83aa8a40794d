/** The request that gives the same answer, as a line for a POSIX shell. */

/**
 * @param {string} address of the API
 * @param {string} fileName of the photograph; it is taken for one in the current folder
 * @param {Readonly<Record<string, string | number>>} fields
 * @param {boolean} [needsKey]
 * @returns {string}
 */
export function curlCommand(address, fileName, fields, needsKey = false) {
  return [
    'curl --globoff',
    ...(needsKey ? ['-H "Authorization: Bearer $PAGESIGHT_KEY"'] : []),
    `-F ${quoteForShell(`file=@${quoteForCurl(pathOf(fileName))}`)}`,
    ...Object.entries(fields).map(([field, value]) => `-F ${quoteForShell(`${field}=${value}`)}`),
    quoteForShell(new URL(address).href),
  ].join(' ');
}

/**
 * A name that cannot be taken for curl's `-`, which reads what is typed, nor run over the line.
 *
 * @param {string} fileName
 */
function pathOf(fileName) {
  const bare = fileName.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?').split(/[/\\]/).at(-1) || 'photo.jpg';
  return bare.startsWith('-') ? `./${bare}` : bare;
}

/**
 * curl ends a file's name at `;` and `,` unless it stands in double quotes.
 *
 * @param {string} path
 */
function quoteForCurl(path) {
  return /[;,"\s]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}

/**
 * Within single quotes a shell reads nothing but their end.
 *
 * @param {string} word
 */
function quoteForShell(word) {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}
