/** The player's keys, wherever the focus is but in a field, a mark or a list that has keys of its own. */

const OWN_KEYS = 'input, select, textarea, [role=menu] *, .mark, .detection-row, dialog *';

/**
 * @param {{
 *   root: HTMLElement,
 *   toggle: () => void,
 *   stepFrame: (by: number) => void,
 *   seekBy: (by: number) => void,
 * }} parts root: of the player
 */
export function createKeys({ root, toggle, stepFrame, seekBy }) {
  /** @type {Readonly<Record<string, () => void>>} */
  const acts = { ' ': toggle, k: toggle, ',': () => stepFrame(-1), '.': () => stepFrame(1), ArrowLeft: () => seekBy(-1), ArrowRight: () => seekBy(1) };

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const { key, target, ctrlKey, metaKey, altKey, defaultPrevented } = event;
    const act = acts[key];
    if (!act || ctrlKey || metaKey || altKey || defaultPrevented || document.querySelector('dialog[open]')) return;
    if (!(target instanceof Element) || target.matches(OWN_KEYS)) return;
    if (key === ' ' && target.matches('button, summary, a, label')) return;
    if (key.startsWith('Arrow') && target !== document.body && !root.contains(target)) return;
    event.preventDefault();
    act();
  }

  return {
    /** @param {boolean} is whether there is a video to play */
    setOpen(is) {
      if (is) document.addEventListener('keydown', onKey);
      else document.removeEventListener('keydown', onKey);
    },
  };
}
