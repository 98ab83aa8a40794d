/**
 * What is shown of an answer. First the picture that the server drew; from the first touch on, the visitor's own photograph
 * under marks that the page paints of what is chosen, or of what the visitor made of it.
 */

import { texts } from '../texts/texts.js';

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('../engines/contract.js').Answer} Answer */
/** @typedef {import('../tasks/contract.js').AnyTask} AnyTask */

/**
 * @typedef {Readonly<{
 *   task: AnyTask,
 *   shown: any,
 *   marks: readonly import('../marks/types.js').MarkGroup[],
 *   rows: readonly import('../tasks/contract.js').Row[],
 *   words: import('../tasks/contract.js').Words,
 *   choice: any,
 *   isStart: boolean,
 *   isEdited: boolean,
 *   isOwn: boolean,
 *   isAdjustable: boolean,
 *   hasDrawn: boolean,
 *   isCovered: boolean,
 * }>} View isOwn: whether the page paints the marks; hasDrawn: whether there is a picture that the server drew; isCovered:
 *   whether it would show what nobody may see
 *
 * @typedef {{
 *   showResult: (job: Job, isCovered: boolean) => void,
 *   showView: (view: View) => void,
 *   showPhotograph: (photograph: Blob | string, isStale: () => boolean) => Promise<void>,
 *   showServerPicture: () => void,
 *   announceView: (spoken: string) => void,
 *   offerUndo: (text: string, undo: () => void) => void,
 * }} ViewerPage
 *
 * @typedef {ReturnType<typeof createViewer>} Viewer
 */

/**
 * @param {{
 *   page: ViewerPage,
 *   tasks: readonly AnyTask[],
 *   choices: ReturnType<typeof import('./choices.js').createChoices>,
 *   photographs: Pick<ReturnType<typeof import('./photographs.js').createPhotographs>, 'of' | 'isAtHand'>,
 * }} parts photographs: without marks
 */
export function createViewer({ page, tasks, choices, photographs }) {
  /** @type {Job | null} */
  let job = null;
  let isOwn = false; // what is shown
  let isWanted = false; // what will be, once the photograph is there
  let covered = ''; // which regions of it
  /** @type {number | null} */
  let secondsEach = null;
  let spoken = '';

  /** @param {Answer} answer */
  function shelfOf({ task: id, model, as }) {
    return { task: as ?? /** @type {AnyTask} */ (tasks.find((task) => task.id === id)), model };
  }

  const shelf = () => (job?.answer ? shelfOf(job.answer) : null);

  /** @param {Job} other */
  function isEdited({ answer, edits }) {
    return Boolean(answer && edits && shelfOf(answer).task.isEdited?.(edits));
  }

  /** Whether a job is seen as the server drew it: the visitor wants that, and it shows nothing that is covered. @param {Job} other */
  function isAsServerDrew(other) {
    const { answer, edits } = other;
    if (!choices.page().asServerDrew || !answer?.image || isEdited(other)) return false;
    const { task, model } = shelfOf(answer);
    return !task.covered?.(task.refine(answer.result, choices.of({ task, model }), edits)).length;
  }

  /** @type {{result: unknown, choice: unknown, edits: unknown, shown: any} | null} */
  let refined = null;

  /** What is shown stays the same thing as long as nothing of it changes. @param {Job} other @param {Answer} answer */
  function refine(other, answer) {
    const place = shelfOf(answer);
    const { result } = answer;
    const { edits } = other;
    const choice = isAsServerDrew(other) ? choices.defaultsOf(place.task) : choices.of(place);
    const isSame = refined?.result === result && refined?.choice === choice && refined?.edits === edits;
    const shown = isSame ? refined?.shown : place.task.refine(result, choice, edits);
    refined = { result, choice, edits, shown };
    return { place, task: place.task, choice, shown };
  }

  function draw() {
    if (!job?.answer) return;
    const { answer } = job;
    const { place, task, choice, shown } = refine(job, answer);
    const words = task.words(shown);
    const regions = task.covered?.(shown) ?? [];
    ({ spoken } = words);
    const view = {
      task,
      shown,
      marks: task.marks(shown),
      rows: task.rows(shown),
      words,
      choice,
      isStart: choices.isStart(place),
      isEdited: isEdited(job),
      isOwn,
      isAdjustable: shown.isAdjustable,
      hasDrawn: answer.image !== null,
      isCovered: regions.length > 0,
    };
    page.showView(view);
    job.player?.show(view);
    if (isOwn && JSON.stringify(regions) !== covered) void showPhotograph().catch(() => {});
  }

  /** Show the visitor's photograph, but for what nobody may see of it now. @param {() => boolean} [isStale] */
  async function showPhotograph(isStale = () => !isOwn) {
    const current = viewer.current();
    if (!current) return;
    const { job: asked, answer, task, shown } = current;
    const regions = task.covered?.(shown) ?? [];
    const key = JSON.stringify(regions);
    covered = key;
    const isLate = () => job !== asked || covered !== key || isStale();
    const photograph = await photographs.of(asked);
    const seen = regions.length > 0 ? (await import('../save/subject.js')).showCovered(photograph, regions, answer) : photograph;
    if (!isLate()) await page.showPhotograph(await seen, isLate);
  }

  /** Put the visitor's photograph in the place of the picture that the server drew. */
  async function takeOver() {
    if (isWanted || !job) return;
    isWanted = true;
    const asked = job;
    const isStale = () => job !== asked || !isWanted;
    try {
      await showPhotograph(isStale);
      if (isStale()) return;
      isOwn = true;
      draw();
    } catch {
      if (!isStale()) isWanted = false; // then what the server drew is all there is
    }
  }

  function showServerPicture() {
    isOwn = false;
    isWanted = false;
    page.showServerPicture();
  }

  const viewer = {
    /** @param {Job} next */
    open(next) {
      viewer.close();
      job = next;
      if (!job.answer) return;
      if (job.answer.place === 'server') secondsEach = secondsOf(job.answer.timings) ?? secondsEach;
      isOwn = false;
      isWanted = false;
      const { task, shown } = refine(job, job.answer);
      const isCovered = (task.covered?.(shown) ?? []).length > 0;
      page.showResult(job, isCovered);
      draw();
      const isAsAnswered = choices.isDefault(shelfOf(job.answer)) && !isEdited(job);
      if (job.answer.image === null || (!isAsServerDrew(job) && !isAsAnswered)) void takeOver();
    },

    close() {
      job?.player?.close();
      job = null;
    },

    /** Somebody has come near a mark or a control. For that alone a photograph is not sent again. */
    touch() {
      if (job && !isAsServerDrew(job) && photographs.isAtHand(job)) void takeOver();
    },

    /** @param {object} change of the task's choice */
    choose(change) {
      const place = shelf();
      if (!place) return;
      choices.set(place, change);
      choices.setPage({ asServerDrew: false });
      void takeOver();
      draw();
    },

    /** The hand is off the control. */
    settle() {
      choices.save(shelf());
      page.announceView(spoken);
    },

    /** @param {boolean} isOn */
    showAsServerDrew(isOn) {
      choices.setPage({ asServerDrew: isOn });
      choices.save(shelf());
      if (isOn) showServerPicture();
      else void takeOver();
      draw();
    },

    backToStart() {
      const place = shelf();
      if (!place) return;
      choices.toStart(place);
      viewer.choose({});
    },

    /** The address says something else now. */
    reload() {
      choices.load();
      const place = shelf();
      if (job && isAsServerDrew(job)) showServerPicture();
      else if (place && !choices.isDefault(place)) void takeOver();
      draw();
    },

    /** @param {string} example its file name, '' when the picture is none */
    nameExample(example) {
      choices.setPage({ example });
      choices.save(shelf());
    },

    /** What is chosen belongs to a model, and leaves the address with it. @param {{model: string, task: string}} named */
    nameModel(named) {
      choices.setPage(named);
      choices.save(null);
    },

    /** How many things there are in a job's result, and that in words. @param {Job} other */
    summaryOf({ answer, edits }) {
      if (!answer) return { many: 0, title: '' };
      const { task } = shelfOf(answer);
      const found = task.refine(answer.result, choices.defaultsOf(task), edits);
      return { many: task.rows(found).length, title: task.words(found).title };
    },

    /** How long a picture takes at the server, by the last one; null when there was none. */
    secondsEach: () => secondsEach,

    /** What is looked at, for those who edit and keep it. */
    current() {
      return job ? viewer.resultOf(job) : null;
    },

    /** What would be looked at of a job. @param {Job} other */
    resultOf(other) {
      if (!other.answer) return null;
      const { answer } = other;
      const { task, choice, shown } = refine(other, answer);
      return { job: other, answer, task, choice, shown };
    },

    isEdited,

    /** Whether a job has edits that are kept nowhere. @param {Job} other */
    isUnsaved: (other) => isEdited(other) && other.edits !== other.savedEdits,

    /** The server tells with what it answers. */
    refresh: draw,

    /** More is known of what is looked at, if it is still `before`. @param {unknown} before @param {unknown} after */
    learn(before, after) {
      if (!job?.answer || job.answer.result !== before) return;
      job.answer = Object.freeze({ ...job.answer, result: after });
      draw();
    },

    /** Go back to what was found, with a way back to the edits. */
    async discard() {
      const asked = job;
      const { edits } = asked ?? {};
      const { discard } = shelf()?.task ?? {};
      if (!asked || !edits || !discard) return;
      const discarded = await discard(edits);
      if (job !== asked || asked.edits !== edits) return;
      viewer.edit(discarded);
      page.offerUndo(texts.discarded, () => {
        asked.edits = edits;
        if (job === asked) viewer.edit(edits);
      });
    },

    /** @param {Job['edits']} edits */
    edit(edits) {
      if (!job) return;
      job.edits = edits;
      choices.setPage({ asServerDrew: false });
      void takeOver();
      draw();
    },
  };
  return viewer;
}

/** @param {Readonly<Record<string, number>>} timings */
function secondsOf({ decode = 0, inference = 0, render = 0 }) {
  return (decode + inference + render) / 1000 || null;
}
