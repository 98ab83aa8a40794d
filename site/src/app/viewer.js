/**
 * What is shown of an answer. First the picture that the API drew; from the first touch on, the visitor's own photograph
 * under boxes that the page draws of what is chosen, or of what the visitor made of it.
 */

/** @typedef {import('./job.js').Job} Job */
/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').Detection} Detection */
/** @typedef {import('./choices.js').Choice} Choice */
/** @typedef {import('../tasks/detection/filter.js').Filtered} Filtered */

/**
 * @typedef {Readonly<{
 *   shown: readonly Detection[],
 *   classes: Filtered['classes'],
 *   choice: Choice,
 *   isStart: boolean,
 *   isEdited: boolean,
 *   isOwn: boolean,
 *   hasCandidates: boolean,
 * }>} View
 *
 * @typedef {{
 *   showResult: (job: Job) => void,
 *   showView: (view: View) => void,
 *   showPhotograph: (photograph: Blob | string, isStale: () => boolean) => Promise<void>,
 *   showServerPicture: () => void,
 *   announceView: (shown: readonly Detection[]) => void,
 * }} ViewerPage
 *
 * @typedef {ReturnType<typeof createViewer>} Viewer
 */

/**
 * @param {{
 *   page: ViewerPage,
 *   suppress: (candidates: readonly Detection[], limits: {confidence: number, iou: number, maxDetections: number}) =>
 *     Promise<readonly Detection[]>,
 *   filter: (kept: readonly Detection[], choice: Choice) => Filtered,
 *   choices: ReturnType<typeof import('./choices.js').createChoices>,
 *   photographOf: (job: Job) => Promise<Blob | string>,
 * }} parts suppress works off the main thread, filter on what it left; photographOf gives the picture without boxes
 */
export function createViewer({ page, suppress, filter, choices, photographOf }) {
  /** @type {Job | null} */
  let job = null;
  let choice = choices.load();
  let isOwn = false; // what is shown
  let isWanted = false; // what will be, once the photograph is there
  /** @type {number | null} */
  let secondsEach = null;
  /** @type {readonly Detection[]} */
  let shown = [];

  /** What suppression left of an answer's candidates, at the overlap asked for last. */
  /** @type {WeakMap<Answer, {iou: number, kept: readonly Detection[]}>} */
  const suppressed = new WeakMap();

  /** @param {Answer} answer */
  async function suppressAnew(answer) {
    const { iou } = choice;
    if (suppressed.get(answer)?.iou === iou) return;
    const kept = await suppress(answer.candidates, { confidence: 0, iou, maxDetections: Infinity });
    if (choice.iou === iou) suppressed.set(answer, { iou, kept });
  }

  function draw() {
    if (!job?.answer) return;
    const { answer } = job;
    const { detections, candidates } = answer;
    const known = suppressed.get(answer);
    if (known?.iou !== choice.iou) void suppressAnew(answer).then(() => job?.answer === answer && draw());
    const { shown: filtered, classes } = filter(known?.kept ?? detections, { ...choice, iou: 1 });
    const isDefault = choices.isDefault(choice);
    shown = job.edits ? job.edits.detections : isDefault ? detections : filtered;
    page.showView({
      shown,
      classes,
      choice,
      isStart: choices.isStart(choice),
      isEdited: job.edits !== null,
      isOwn,
      hasCandidates: candidates.length > 0,
    });
  }

  /** Put the visitor's photograph in the place of the picture that the API drew. */
  async function takeOver() {
    if (isWanted || !job) return;
    isWanted = true;
    const asked = job;
    const isStale = () => job !== asked || !isWanted;
    try {
      const photograph = await photographOf(job);
      if (isStale()) return;
      await page.showPhotograph(photograph, isStale);
      if (isStale()) return;
      isOwn = true;
      draw();
    } catch {
      if (!isStale()) isWanted = false; // then what the server drew is all there is
    }
  }

  function save() {
    choices.save(choice);
  }

  const viewer = {
    /**
     * Get ready to show an answer.
     *
     * @param {Answer} answer
     */
    ready: suppressAnew,

    /** @param {Job} next */
    open(next) {
      job = next;
      if (job.answer) secondsEach = secondsOf(job.answer.timings);
      isOwn = false;
      isWanted = false;
      page.showResult(job);
      draw();
      if (!choice.asServerDrew && (!choices.isDefault(choice) || job.edits)) void takeOver();
    },

    close() {
      job = null;
    },

    /** Somebody has come near a box or a control. */
    touch() {
      if (!choice.asServerDrew) void takeOver();
    },

    /** @param {Partial<Choice>} change */
    choose(change) {
      choice = Object.freeze({ ...choice, asServerDrew: false, ...change });
      void takeOver();
      draw();
    },

    /** The hand is off the control. */
    settle() {
      save();
      page.announceView(shown);
    },

    /** @param {boolean} isOn */
    showAsServerDrew(isOn) {
      choice = Object.freeze({ ...choice, asServerDrew: isOn });
      save();
      if (!isOn) return void takeOver();
      isOwn = false;
      isWanted = false;
      page.showServerPicture();
      return draw();
    },

    backToStart() {
      viewer.choose({ ...choices.start, example: choice.example });
    },

    /** The address says something else now. */
    reload() {
      choice = choices.load();
      if (!choices.isDefault(choice)) void takeOver();
      draw();
      return choice;
    },

    /** @param {string} example its file name, '' when the picture is none */
    nameExample(example) {
      choice = Object.freeze({ ...choice, example });
      save();
    },

    choice: () => choice,

    /** How long a picture takes at the server, by the last one; null when there was none. */
    secondsEach: () => secondsEach,

    current: () => (job ? { job, shown } : null),

    /** @param {Job['edits']} edits */
    edit(edits) {
      if (!job) return;
      job.edits = edits;
      choice = Object.freeze({ ...choice, asServerDrew: false });
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
