/**
 * The wiring of videos: which files are some, and how one comes to its answer and its player. Loaded when the server
 * says that
 * it takes them, or when the address names one; nearly all of it comes with the first video.
 */

import { createJobs, parseTold } from './engines/remote/jobs.js';
import { texts } from './texts/texts.js';
import { invite, isVideo } from './view/player/invite.js';

/** @typedef {import('./app/job.js').Job} Job */
/** @typedef {import('./app/job.js').Source} Source */

/**
 * @typedef {{
 *   server: import('./engines/contract.js').Engine | undefined,
 *   tasks: readonly import('./tasks/contract.js').AnyTask[],
 *   page: Pick<ReturnType<typeof import('./view/page.js').createPage>, 'announce' | 'tell' | 'displayWidth'>,
 *   choices: ReturnType<typeof import('./app/choices.js').createChoices>,
 *   viewer: import('./app/viewer.js').Viewer,
 *   controller: ReturnType<typeof import('./app/controller.js').createController>,
 *   intake: ReturnType<typeof import('./app/intake.js').createIntake>,
 *   labelsOf: ReturnType<typeof import('./app/labels.js').createLabels>['labelsOf'],
 *   model: () => Promise<string | null>,
 *   copy: (text: string) => Promise<void>,
 *   address: Pick<typeof import('./view/address.js'), 'onAddress'>,
 * }} Parts model: the name of the one that is asked, null for the first
 */

/** @type {ReturnType<typeof wireVideos> | undefined} */
let videos;

/**
 * Take videos, if the server does.
 *
 * @param {Parts} parts the same each time
 * @param {unknown} told what it tells of its jobs
 */
export function takeVideos({ server, ...parts }, told) {
  const jobs = server?.jobs?.(createJobs);
  if (!server || !jobs) return;
  videos ??= wireVideos({ engine: server.id, jobs, ...parts });
  videos.tell(told);
}

/** @param {Omit<Parts, 'server'> & {engine: string, jobs: import('./engines/remote/jobs.js').Jobs}} parts */
function wireVideos({ engine, jobs, tasks, page, choices, viewer, controller, intake, labelsOf, model, copy, address }) {
  const key = randomKey();
  /** @type {ReturnType<typeof parseTold>} */
  let told = null;
  /** By what the address calls it. @type {Map<Source, string>} */
  const ids = new Map();

  /** @param {string} id */
  function name(id) {
    choices.setPage({ job: id, ...(id ? { example: '' } : {}) });
    choices.save(null);
  }

  /** @param {{id: string, file: File | null}} known @returns {Source} */
  function sourceOf(known) {
    /** @type {ReturnType<ReturnType<typeof import('./app/video/work.js').createVideoWork>> | undefined} */
    let work;
    const absent = () => Promise.reject(Object.assign(new Error('There is no file.'), { kind: 'video-gone' }));
    /** @type {Source} */
    const source = Object.assign(() => known.file ?? absent(), {
      title: known.file?.name ?? '',
      /** @type {NonNullable<Source['work']>} */
      async work(job, signal, on) {
        const { createVideoWork, openVideo, showTold } = await loaded();
        work ??= createVideoWork({
          jobs,
          told: () => told,
          fieldsOf,
          open: openVideo,
          read,
          named: () => choices.page().job,
          name: (id) => (ids.set(source, id), name(id)),
          announce: page.announce,
          show: showTold,
        })(known);
        return work(job, signal, on);
      },
    });
    ids.set(source, known.id);
    return source;
  }

  /** @param {import('./media/types.js').Size | null} size */
  async function fieldsOf(size) {
    const named = await model();
    return {
      ...Object.assign({}, ...tasks.map(({ fields }) => fields)),
      ...(named ? { model: named } : {}),
      key,
      display_width: String(page.displayWidth(size)), // so that what is drawn can be read there
    };
  }

  /** @type {Parameters<typeof import('./app/video/work.js').createVideoWork>[0]['read']} */
  async function read({ job, remote, json, opened }) {
    const { createTrack, framesTask, createPlayer, createLanesOf, stepToSpan, videoFormats, createStills, checkFrames } = await loaded();
    const base = tasks.find(({ id }) => id === remote.task);
    if (!base) throw Object.assign(new Error(`This page knows no task "${remote.task}".`), { kind: 'bad-answer' });
    await base.load?.();
    const own = (await base.frames?.()) ?? {};
    const { size, frames, durationS, notes } = checkFrames(json);
    const track = createTrack({ frames, parse: (frame) => (own.parse ?? base.parse)(frame, size) });
    const things = own.things?.(json) ?? [];
    const player = createPlayer({
      opened,
      wasOpened: Boolean(job.file),
      drawnUrl: remote.hasVideo ? jobs.videoUrl(remote.id) : null,
      durationS: Math.max(durationS, opened?.durationS ?? 0),
      notes,
      keptUntil: remote.keptUntil,
      isDrawnWanted: () => choices.page().asServerDrew,
      lanesOf: createLanesOf({ own, frames, endS: durationS, rowsAt: (index, choice) => task.rows(task.refine(track.exactly(index), choice, null)) }),
      step: track.step,
      stepToSpan,
      onTime(timeS) {
        const moment = track.at(timeS);
        const isSame = moment.index === index && !own.between && !own.things;
        if (!job.answer || isSame) return;
        ({ index } = moment);
        viewer.learn(job.answer.result, moment);
      },
      onOpen: () => (name(remote.id), viewer.touch()),
      onOwn: () => viewer.choose({}),
      onForget: () => forget(job, remote.id),
      onCopyLink: async () => (await copy(window.location.href), page.tell(texts.copied)),
      tell: page.tell,
    });
    let index = -1;
    const task = framesTask({
      base,
      own,
      things,
      formats: videoFormats({
        own: own.formats ?? [],
        json,
        hasVideo: remote.hasVideo,
        video: () => jobs.file(remote.id, 'result.mp4'),
        // What is chosen now, of every frame that was analysed.
        framesOf: (choice) => track.times.map((timeS, at) => ({ timeS, shown: task.refine(track.exactly(at), choice, null) })),
        stills: () => createStills(player.sourceUrl() ?? '', { isForeign: player.isDrawnOnly() }),
        isMarked: () => player.isDrawnOnly(),
        labels: () => labelsOf({ engine, model: remote.model }),
      }),
    });
    job.player = player;
    return Object.freeze({
      name: remote.name,
      task: base.id,
      model: remote.model,
      ...size,
      image: opened && remote.hasVideo ? URL.createObjectURL(opened.poster) : null, // below the video, which comes a moment later
      timings: {},
      engine,
      place: /** @type {const} */ ('server'),
      result: track.at(0),
      as: task,
    });
  }

  /** @param {Job} job @param {string} id */
  async function forget(job, id) {
    const { words } = await loaded();
    const kind = await jobs.forget(id).then(() => 'video-gone', ({ kind: why }) => String(why));
    if (kind !== 'video-gone') return page.tell(texts.errors[/** @type {'server'} */ (kind)]?.title ?? texts.errors.server.title);
    controller.remove(job);
    return page.tell(words.forgotten);
  }

  /** What the address names, unless it is here already. */
  function openNamed() {
    const id = choices.page().job;
    if (!id) return;
    const here = controller.jobs().find(({ source }) => ids.get(source) === id);
    if (here) controller.select(here);
    else void controller.start(sourceOf({ id, file: null }));
  }

  intake.takeVideos((file) => (told?.takesVideos && isVideo(file) ? sourceOf({ id: '', file }) : undefined));
  address.onAddress(openNamed);
  openNamed();

  return {
    /** What the server tells of its jobs, each time it does. @param {unknown} jobsTold */
    tell(jobsTold) {
      told = parseTold(jobsTold);
      invite(told?.takesVideos ? told.megabytes : 0);
    },
  };
}

/** @type {ReturnType<typeof load> | undefined} */
let parts;
const loaded = () => (parts ??= load().catch((cause) => {
  parts = undefined;
  throw Object.assign(new Error('A part of the page is missing.', { cause }), { kind: 'missing-part' });
}));

async function load() {
  const [work, track, lanes, frames, answer, player, opened, told, formats, video] = await Promise.all([
    import('./app/video/work.js'),
    import('./app/video/track.js'),
    import('./app/video/lanes.js'),
    import('./tasks/frames.js'),
    import('./tasks/video-answer.js'),
    import('./view/player/player.js'),
    import('./view/player/opened.js'),
    import('./view/player/told.js'),
    import('./save/video/formats.js'),
    import('./texts/video/words.js'),
  ]);
  return {
    ...work, ...track, ...lanes, ...frames, ...answer, ...player, ...opened, ...told, ...formats,
    get words() {
      return video.words;
    },
  };
}

/** By this a server knows a file again that is sent once more. */
function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
