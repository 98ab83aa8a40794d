/**
 * What the visitor has chosen to see: from the address, else from the last visit, else as by default; kept in both.
 */

/** @typedef {import('./detections/view-state.js').ViewState} Choice */

const KEY = 'view';

/**
 * @param {{
 *   read: (fragment: string, defaults?: Choice) => Choice,
 *   write: (choice: Choice) => string,
 *   defaults: Choice,
 *   address: {readAddress: () => string, writeAddress: (fragment: string) => void},
 *   preferences: {recall: (key: string) => string | null, remember: (key: string, value: string | null) => void},
 * }} parts read and write: between a choice and the address
 */
export function createChoices({ read, write, defaults, address, preferences }) {
  return {
    defaults,

    /** @returns {Choice} */
    load() {
      const fragment = address.readAddress();
      return read(fragment || preferences.recall(KEY) || '');
    },

    /** @param {Choice} choice */
    save(choice) {
      address.writeAddress(write(choice));
      preferences.remember(KEY, write({ ...choice, example: '' }) || null); // an example is asked for only by a link
    },

    /**
     * Tell whether a choice shows just what the API answers by itself.
     *
     * @param {Choice} choice
     */
    isDefault({ confidence, iou, hiddenClasses }) {
      return confidence === defaults.confidence && iou === defaults.iou && hiddenClasses.length === 0;
    },
  };
}
