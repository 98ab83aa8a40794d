/** Hands files and lines to the visitor. */

const KEPT_MS = 60_000; // a browser may ask the visitor first, and reads the file only then

/**
 * @param {string} name
 * @param {Blob} content
 */
export function download(name, content) {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.download = name;
  link.href = url;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/**
 * Put a line on the clipboard. The modern way needs HTTPS, which a server at home has not.
 *
 * @param {string} line
 */
export async function copy(line) {
  if (navigator.clipboard) return navigator.clipboard.writeText(line);
  const field = document.createElement('textarea');
  field.value = line;
  field.className = 'visually-hidden';
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!isCopied) throw new Error('This browser lets nothing be copied.');
}
