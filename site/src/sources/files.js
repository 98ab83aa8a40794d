/** The ways in which files of the visitor's get into the page: chosen, dropped anywhere, pasted. */

import { byId } from '../dom/elements.js';

/**
 * @param {{onFiles: (files: readonly File[]) => void, onAdd: (files: readonly File[]) => void}} parts onAdd: those that are
 *   to stand beside what is there
 */
export function createFileSource({ onFiles, onAdd }) {
  const input = byId('file-input', HTMLInputElement);
  const addInput = byId('add-input', HTMLInputElement);
  const frame = byId('frame', HTMLElement);

  /** @param {FileList | undefined | null} files */
  function take(files) {
    if (files?.length) onFiles([...files]);
  }

  input.addEventListener('change', () => {
    take(input.files);
    input.value = ''; // so that choosing the same file again is a change
  });
  byId('add', HTMLButtonElement).addEventListener('click', () => addInput.click());
  addInput.addEventListener('change', () => {
    if (addInput.files?.length) onAdd([...addInput.files]);
    addInput.value = '';
  });

  document.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    frame.classList.add('is-target');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) frame.classList.remove('is-target'); // it has left the window
  });
  document.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // or the browser leaves the page for the file
    frame.classList.remove('is-target');
    take(event.dataTransfer?.files);
  });

  document.addEventListener('paste', (event) => take(event.clipboardData?.files));

  return {
    focus() {
      input.focus({ preventScroll: true });
    },
  };
}

/** @param {DragEvent} event */
function carriesFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}
