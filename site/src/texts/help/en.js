/** What the windows over the page say, in English. */

export const words = {
  title: 'Keys',
  close: 'Close',
  copy: 'Copy',
  api: 'The same request from a program, with what is chosen now. The photo is one in the current folder.',
  keys: [
    ['Ctrl V', 'take a photo from the clipboard'],
    ['+ − 0', 'nearer, farther, the whole photo'],
    ['Ctrl wheel', 'nearer and farther at the pointer'],
    ['[ ]', 'the photo before and after'],
    ['F', 'full screen'],
    ['H', 'hide the marks and show them'],
    ['← → ↑ ↓', 'from mark to mark; in the editor, move the box'],
    ['Alt ← → ↑ ↓', 'resize the box in the editor, Shift in larger steps'],
    ['Delete', 'delete the box in the editor'],
    ['Ctrl Z', 'undo in the editor, with Shift redo'],
    ['Esc', 'cancel, close'],
  ],
  stored: 'So that this page opens without a network, your browser keeps it, with your settings and, if you compute here, the model. Photos are never kept.',
  forget: 'Forget everything stored',
  forgotten: 'Forgotten. Your settings go when you leave the page.',
  notForgotten: 'This browser does not let the page forget. Clear the data of this site in its settings.',
};
