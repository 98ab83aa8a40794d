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
 * Put a line or a PNG on the clipboard when it is made. Safari lets nobody begin that later than at the click itself. The
 * modern way needs HTTPS, which a server at home has not.
 *
 * @param {string | Promise<string | Blob>} content
 * @param {string} [type]
 */
export async function copy(content, type = 'text/plain') {
  if (typeof ClipboardItem !== 'undefined') {
    const made = Promise.resolve(content).then((it) => new Blob([it], { type }));
    return navigator.clipboard.write([new ClipboardItem({ [type]: made })]);
  }
  const { copyByCommand } = await import('./copy-by-command.js');
  return copyByCommand(String(await content));
}
