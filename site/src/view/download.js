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
 * Hand a file to another program of the visitor's device.
 *
 * @param {File} file
 * @returns {Promise<boolean>} whether the visitor went through with it
 */
export async function share(file) {
  try {
    await navigator.share({ files: [file] });
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    throw error;
  }
}

/**
 * Put a line or a PNG on the clipboard. The modern way needs HTTPS, which a server at home has not.
 *
 * @param {string | Blob} line
 */
export async function copy(line) {
  if (line instanceof Blob) return navigator.clipboard.write([new ClipboardItem({ [line.type]: line })]);
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
