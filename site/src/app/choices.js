/**
 * What the visitor has chosen to see: from the address, else from the last visit, else what the owner begins with; kept in
 * both.
 */

/** @typedef {import('../tasks/detection/choice.js').ViewState} Choice */

const KEY = 'view';

/**
 * @param {{
 *   read: (fragment: string, defaults?: Choice) => Choice,
 *   write: (choice: Choice, defaults?: Choice) => string,
 *   defaults: Choice,
 *   start?: Partial<Choice>,
 *   address: {readAddress: () => string, writeAddress: (fragment: string) => void},
 *   preferences: {recall: (key: string) => string | null, remember: (key: string, value: string | null) => void},
 * }} parts read and write: between a choice and the address. defaults: what the API answers by itself. start: where the
 *   owner's page begins instead
 */
export function createChoices({ read, write, defaults, start: given = {}, address, preferences }) {
  /** @type {Choice} */
  const start = Object.freeze({ ...defaults, ...given });

  return {
    start,

    /** @returns {Choice} */
    load() {
      const fragment = address.readAddress();
      return read(fragment || preferences.recall(KEY) || '', start);
    },

    /** @param {Choice} choice */
    save(choice) {
      address.writeAddress(write(choice, start));
      const { example } = start; // another one is asked for only by a link
      preferences.remember(KEY, write({ ...choice, example }, start) || null);
    },

    /**
     * Tell whether a choice shows just what the API answers by itself.
     *
     * @param {Choice} choice
     */
    isDefault: (choice) => isSame(choice, defaults),

    /** @param {Choice} choice */
    isStart: (choice) => isSame(choice, start),
  };
}

/** @param {Choice} one @param {Choice} other */
function isSame(one, other) {
  return one.confidence === other.confidence && one.iou === other.iou && String(one.hiddenClasses) === String(other.hiddenClasses);
}
