/** The clipboard by the old command, for a page that came without HTTPS. Loaded when it is needed. */

/**
 * @param {string} line
 */
export function copyByCommand(line) {
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
