/** What is said of videos, in German. */

/** @param {number} seconds */
const about = (seconds) => {
  if (seconds >= 90) return `${Math.ceil(seconds / 60)} Minuten`;
  const step = seconds > 10 ? 5 : 1;
  const whole = Math.max(1, Math.ceil(seconds / step) * step);
  return whole === 1 ? '1 Sekunde' : `${whole} Sekunden`;
};

/** @param {number} seconds */
const clock = (seconds) => {
  const tenths = Math.round(seconds * 10);
  const rest = tenths % 600;
  return `${Math.floor(tenths / 600)}:${String(Math.floor(rest / 10)).padStart(2, '0')},${rest % 10}`;
};

/** @type {typeof import('./en.js').words} */
export const words = {
  about,
  clock,

  invitation: (megabytes) => `Auch Videos, bis ${megabytes} MB. Der Server hebt eine Weile auf, was er findet, und sagt es.`,
  opening: 'Das Video wird geöffnet…',
  sending: (sent) => `Das Video wird gesendet… ${sent}`,
  queued: (place, waitS) =>
    [place === 1 ? 'Als Nächstes an der Reihe' : `Warten: ${place - 1} davor`, ...(waitS === null ? [] : [`etwa ${about(waitS)}`])].join(', '),
  beginning: 'Die ersten Bilder werden angesehen…',
  running: (frames, leftS) =>
    [`${frames === 1 ? '1 Bild' : `${frames} Bilder`} angesehen`, ...(leftS === null ? [] : [`noch etwa ${about(leftS)}`])].join(', '),
  fetching: 'Was gefunden wurde, wird geholt…',
  storedNow: (kept) => `Ihr Video liegt auf der Festplatte des Servers, bis es fertig ist; was gefunden wird, bleibt danach dort für ${kept}.`,

  player: 'Video',
  play: 'Abspielen',
  pause: 'Anhalten',
  before: 'Bild davor (,)',
  after: 'Bild danach (.)',
  timeline: 'Zeit',
  at: (seconds, all) => `${clock(seconds)} von ${clock(all)}`,
  counted: (label, many) => (many > 0 ? `${label}\u00a0×\u00a0${many}` : label),
  span: (name, fromS, toS) => `${name} ${clock(fromS)} – ${clock(toS)}`.trim(),
  keys: 'Leertaste spielt ab, Pfeiltasten gehen eine Sekunde weiter, Komma und Punkt ein Bild; in der Zeitleiste gehen Bild auf und Bild ab von einem Objekt zum nächsten.',

  distinct: (many) => (many === 0 ? 'Kein Objekt verfolgt' : many === 1 ? '1 Objekt' : `${many} verschiedene Objekte`),
  now: (seconds, many) => (many === 0 ? `Keines bei ${clock(seconds)}.` : `Bei ${clock(seconds)}:`),
  alt: (seconds, named) => (named ? `Ihr Video bei ${clock(seconds)}, markiert: ${named}` : `Ihr Video bei ${clock(seconds)}; nichts ist markiert`),

  stored: (time) => `Was gefunden wurde und das gezeichnete Video liegen bis ${time} auf der Festplatte des Servers; Ihre Datei ist dort schon gelöscht. Wer den Link dieser Seite hat, kann sie sehen.`,
  forget: 'Jetzt vergessen',
  copyLink: 'Link kopieren',
  forgotten: 'Vergessen',
  drawnOnly: 'Dies ist das Video, wie es der Server gezeichnet hat.',
  notPlayed: 'Dieser Browser kann Ihre Datei nicht abspielen: Dies ist das Video, wie es der Server gezeichnet hat.',
  chooseAgain: 'Die Datei noch einmal wählen, damit die Rahmen Ihren Filtern folgen',
  anotherFile: 'Das ist ein anderes Video: Es ist nicht so lang.',

  save: {
    video: 'Video mit Rahmen',
    videoHint: '.mp4, wie es der Server gezeichnet hat, ohne Ton',
    json: 'JSON',
    jsonHint: 'alle Bilder, wie der Server antwortet',
    csv: 'eine Zeile für jeden Rahmen in jedem Bild',
    rows: 'eine Zeile für jeden Begriff in jedem Bild',
    cocoVideo: 'COCO-Video',
    cocoVideoHint: '.json mit Bildern und Spuren',
    frames: 'Einzelbilder',
    framesHint: 'die angesehenen Bilder als ein .zip',
  },

  errors: {
    'video-gone': {
      title: 'Dieses Video ist vergessen',
      advice: 'Videos werden nur eine Weile aufgehoben. Wählen Sie die Datei noch einmal, um sie neu ansehen zu lassen.',
      retry: false,
    },
    'video-failed': { title: 'Das Video ließ sich nicht bearbeiten', advice: 'Wählen Sie ein anderes, oder speichern Sie es neu als MP4.', retry: false },
    'video-refused': { title: 'Der Server nimmt dieses Video nicht an', advice: 'Wählen Sie ein anderes.', retry: false },
    'video-cancelled': { title: 'Abgebrochen', advice: 'Das Video wurde aufgegeben und ist auf dem Server gelöscht.', retry: false },
    'video-too-large': { title: 'Dieses Video ist zu groß', advice: 'Kürzen Sie es, oder speichern Sie es kleiner.', retry: false },
    'video-no-video': { title: 'Das ist kein Video', advice: 'Der Link führt zu einem Foto, das ein Programm gesendet hat.', retry: false },
  },
  most: (megabytes) => `Der Server nimmt bis zu ${megabytes} MB an.`,
};
