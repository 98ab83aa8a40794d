/** What the keys do, while the photographs have the focus. */

/** In this order the labels have keys; Z undoes. */
const LABEL_KEYS = '1234567890abcdefghijklmnopqrstuvwxy';

/**
 * @typedef {Readonly<{do: 'relabel', label: number}>
 *   | Readonly<{do: 'move', by: number, isExtending: boolean}>
 *   | Readonly<{do: 'delete'}> | Readonly<{do: 'keep'}> | Readonly<{do: 'undo'}>
 *   | Readonly<{do: 'toggle'}> | Readonly<{do: 'everything'}> | Readonly<{do: 'nothing'}>} Action
 *
 * @typedef {Readonly<{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}>} Key
 */

/** @type {Readonly<Record<string, Action['do']>>} */
const PLAIN = Object.freeze({ Enter: 'keep', Delete: 'delete', Backspace: 'delete', ' ': 'toggle', Escape: 'nothing', z: 'undo', Z: 'undo' });
const FAR = 1e9;

/** The key of a label, '' if there are more labels than keys. @param {number} label */
export function keyOf(label) {
  return LABEL_KEYS.charAt(label);
}

/**
 * @param {Key} event
 * @param {{labels: number, columns: number, rows: number}} room how many labels there are, and how many photographs are seen
 * @returns {Action | null}
 */
export function actionOf({ key, ctrlKey, metaKey, altKey, shiftKey = false }, { labels, columns, rows }) {
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    if (key.toLowerCase() === 'a') return { do: 'everything' };
    return key.toLowerCase() === 'z' && !shiftKey ? { do: 'undo' } : null;
  }
  const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -columns * rows, PageDown: columns * rows, Home: -FAR, End: FAR }[key];
  if (way !== undefined) return { do: 'move', by: way, isExtending: shiftKey };
  const plain = PLAIN[key];
  if (plain) return /** @type {Action} */ ({ do: plain });
  const label = key.length === 1 ? LABEL_KEYS.indexOf(key.toLowerCase()) : -1;
  return label >= 0 && label < labels ? { do: 'relabel', label } : null;
}
