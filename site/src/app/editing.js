/** Whether the visitor corrects what was found. What it takes is the task's, and loaded when it is asked for. */

/**
 * @param {{
 *   viewer: import('./viewer.js').Viewer,
 *   page: {
 *     overlay: import('../view/overlay.js').Overlay,
 *     announce: (text: string) => void,
 *     tellMissing: () => void,
 *     light: (index: number | null) => void,
 *     showEditing: (isEditing: boolean) => void,
 *   },
 *   labelsOf: (answer: import('../engines/contract.js').Answer) => Promise<readonly string[]>,
 * }} parts
 */
export function createEditSwitch({ viewer, page, labelsOf }) {
  /** @type {{stop: () => void} | null} */
  let editing = null;

  function stop() {
    if (!editing) return;
    const { stop: end } = editing;
    editing = null;
    end();
    page.showEditing(false);
  }

  const part = {
    stop,

    /** Look at another photograph, and go on correcting there. @param {() => void} go */
    async step(go) {
      const wasOn = editing !== null;
      go();
      if (wasOn && !editing && viewer.current()?.task.edit) await part.toggle();
    },

    async toggle() {
      if (editing) return stop();
      const asked = viewer.current();
      const editor = await asked?.task.edit?.().catch(() => null);
      if (!editor) return page.tellMissing();
      const current = viewer.current();
      if (editing || !current || current.job !== asked?.job) return undefined;
      const { answer, job, shown } = current;
      page.showEditing(true);
      editing = editor.startEditing({
        result: answer.result,
        shown,
        edits: job.edits,
        size: { width: answer.width, height: answer.height },
        labels: labelsOf(answer),
        overlay: page.overlay,
        announce: page.announce,
        light: page.light,
        onEdit: viewer.edit,
      });
      return undefined;
    },
  };
  return part;
}
