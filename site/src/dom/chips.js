/** Chips that each hide and show a kind of thing. */

import '../style/adjust.css';

/** @typedef {Readonly<{label: string, text: string, colour: string, hidden: boolean}>} Chip text: what it says of its label */

/** @param {(hidden: readonly string[]) => void} onHidden labels, in order */
export function createChips(onHidden) {
  const root = document.createElement('div');
  [root.id, root.className] = ['classes', 'chips'];
  root.setAttribute('role', 'group');
  /** @type {Map<string, HTMLButtonElement>} */
  const chipByLabel = new Map();
  /** @type {ReadonlySet<string>} */
  let hidden = new Set();

  /** @param {Chip} chip */
  function chipOf({ label, colour }) {
    const known = chipByLabel.get(label);
    if (known) return known;
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'chip';
    chip.style.setProperty('--class-colour', colour);
    chip.addEventListener('click', () => {
      const next = new Set(hidden);
      if (!next.delete(label)) next.add(label);
      onHidden([...next].sort());
    });
    chipByLabel.set(label, chip);
    return chip;
  }

  /**
   * Without taking the one that has the focus out of the page, which would lose it.
   *
   * @param {HTMLButtonElement[]} wanted
   */
  function place(wanted) {
    for (const chip of [...root.children]) if (!wanted.includes(/** @type {HTMLButtonElement} */ (chip))) chip.remove();
    wanted.forEach((chip, index) => {
      if (root.children[index] !== chip) root.insertBefore(chip, root.children[index] ?? null);
    });
  }

  return {
    root,

    /**
     * @param {string} name of all
     * @param {readonly Chip[]} offered
     * @param {readonly string[]} hiddenLabels those of things that are not offered now, too
     */
    show(name, offered, hiddenLabels) {
      root.setAttribute('aria-label', name);
      hidden = new Set(hiddenLabels);
      root.hidden = offered.length < 2 && !offered.some((one) => one.hidden);
      const wanted = offered.map((one) => {
        const chip = chipOf(one);
        if (chip.textContent !== one.text) chip.textContent = one.text;
        chip.setAttribute('aria-pressed', String(!one.hidden));
        return chip;
      });
      const isSame = wanted.length === root.children.length && wanted.every((chip, index) => chip === root.children[index]);
      if (!isSame) place(wanted);
    },
  };
}
