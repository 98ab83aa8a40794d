/** Every text of this page in English. */

/** @typedef {import('../labels/types.js').Answer} Answer */
/** @typedef {import('../labels/types.js').State} State */
/** @typedef {import('../labels/types.js').Undoable} Undoable */
/** @typedef {import('../labels/types.js').View} View */

/** @param {number} many */
const photos = (many) => `${many.toLocaleString('en')} ${many === 1 ? 'photo' : 'photos'}`;

export const words = {
  language: 'en',

  /** @param {string} folder '' until it is known */
  title: (folder) => (folder ? `Correct ${folder}` : 'Correct your data'),

  /** Texts that stand in the page from the start, by their `data-word`. */
  fixed: {
    private: 'On this computer alone: nothing is uploaded.',
    filter: 'Label',
    keys: 'Keys',
    keysHint:
      'While the photos have the focus: the keys beside the labels, Enter for “right”, Delete, Z to undo, arrows to move, ' +
      'Space or Shift with the arrows to choose several, Ctrl A for all, Esc for none.',
    previous: 'Back',
    next: 'Next',
    onlyOpen: 'Only what is not saved yet',
    save: 'Save, next',
    fromModel: 'Ask the model',
    boxKeys: 'S saves and goes on, [ and ] go back and forth; a box has the keys named above it.',
    theme: 'Look',
    themeSystem: 'As the system',
    themeLight: 'Light',
    themeDark: 'Dark',
  },

  /** Names for assistive technology, by `data-name`. */
  names: {
    views: 'What to look at',
    photographs: 'Photos',
    tray: 'What to do',
    labels: 'Labels',
    boxes: 'Boxes in the photo',
    boxTray: 'What to do',
    editTools: 'Edit boxes',
    language: 'Language',
    tools: 'Look at the photo',
  },

  /** @param {View} view @param {number} many */
  views: (view, many) => `${{ doubts: 'Likely wrong', pairs: 'Copies', all: 'All' }[view]} ${many.toLocaleString('en')}`,

  /**
   * @param {View} view
   * @param {State} state
   * @param {string} label the only one that is shown, '' for all
   * @param {{position: number, of: number, across: boolean} | null} pair that is shown
   */
  about: (view, { run }, label, pair) => {
    if (view === 'doubts') return `Labels that the training of “${run?.name}” doubts, the worst first, each with what the model takes it for. Say what is right.`;
    if (view === 'pairs') {
      const across = pair?.across ? ' The model learns from one and is tested on the other, so its score is too good.' : '';
      return `${pair ? `${words.pairOf(pair.position, pair.of)}: nearly` : 'Nearly'} the same photo twice. Delete one, or keep both.${across}`;
    }
    if (label) return `All photos of “${label}”, in order.`;
    return run ? 'All photos, in order.' : 'All photos, in order. With NAME=model, those that the model doubts come first.';
  },

  /** @type {Readonly<Record<View, string>>} */
  nothing: {
    doubts: 'Nothing is doubtful any more. Train again, and look at what is doubtful then.',
    pairs: 'No copies are left.',
    all: 'There are no photos of this kind.',
  },

  allLabels: 'all',
  unreadable: 'This photo can’t be read.',
  kept: 'looked at',
  /** @param {string} label */
  says: (label) => `Looks like ${label}`,
  /** The same in few letters. @param {string} label */
  saysShort: (label) => `${label}?`,
  /** @param {number} position @param {number} of */
  pairOf: (position, of) => `Pair ${position} of ${of}`,
  /** @param {number} many */
  chosen: (many) => `${photos(many)} chosen`,

  acts: { keep: 'Right (Enter)', keepBoth: 'Keep both (Enter)', delete: 'Delete (Del)', undo: 'Undo (Z)' },
  /** @param {Undoable | null} last */
  undo: (last) => (last ? `Undo ${{ relabel: 'label', delete: 'delete', keep: '“right”', 'keep-both': 'keep both' }[last.do]} (Z)` : 'Undo (Z)'),

  /** @param {Answer} answer @param {string} label of the first */
  did: ({ did, undone, photographs: { length: many } }, label) => {
    if (undone) return `Undone: ${photos(many)} as before.`;
    if (did === 'relabel') return `${photos(many)} now “${label}”.`;
    if (did === 'delete') return `${photos(many)} moved into the folder .trash.`;
    return did === 'keep' ? `${photos(many)} right as they are.` : 'Both stay.';
  },

  /** @param {number} many */
  leftOut: (many) => `${many} ${many === 1 ? 'file is' : 'files are'} left out`,

  ended: 'The program has ended. Start it again: all that was decided is in the folder.',

  boxes: {
    /** @param {number} position @param {number} of @param {number} done */
    place: (position, of, done) => `Photo ${position} of ${of} · ${done} saved`,
    saved: 'Saved.',
    /** @param {string} file */
    savedTo: (file) => `Saved to ${file}.`,
    open: 'Not saved yet.',
    /** @param {number} many */
    found: (many) => `The model found ${many === 1 ? '1 box' : `${many} boxes`}. Correct them, then save.`,
    asking: 'The model is looking…',
    edited: 'Changed, not saved yet.',
    /** @param {string} name */
    alt: (name) => `The photo ${name}`,
    /** @param {string} label @param {number} place */
    box: (label, place) => `${label}, box ${place}`,
    done: 'All photos are saved.',
  },
};
