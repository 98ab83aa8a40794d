/** Every text of the page in German. */

/** @param {number} seconds */
const time = (seconds) =>
  seconds < 120 ? `${seconds} ${seconds === 1 ? 'Sekunde' : 'Sekunden'}` : `${Math.ceil(seconds / 60)} Minuten`;

/** @param {number} fraction 0..1 */
const percent = (fraction) => `${Math.round(fraction * 100)} %`;

/** @param {number} value @param {number} digits */
const decimal = (value, digits) => value.toFixed(digits).replace('.', ',');

/** What went wrong and what to do next, by the kind of failure. */
const errors = {
  'empty': { title: 'Diese Datei ist leer', advice: 'Wählen Sie eine andere.', retry: false },
  'not-an-image': {
    title: 'Das ist kein Foto, das sich lesen lässt',
    advice: 'Wählen Sie ein Bild als JPEG, PNG, WebP, HEIC, AVIF, GIF oder BMP.',
    retry: false,
  },
  'too-large': { title: 'Diese Datei ist zu groß', advice: 'Wählen Sie eine kleinere, oder sichern Sie sie als JPEG.', retry: false },
  'refused-image': {
    title: 'Dieses Foto lässt sich nicht verwenden',
    advice: 'Es ist vielleicht beschädigt oder hat zu viele Pixel. Sichern Sie es neu oder wählen Sie ein anderes.',
    retry: false,
  },
  'unreachable': {
    title: 'Der Server ist nicht zu erreichen',
    advice: 'Prüfen Sie die Verbindung. Das Foto ist noch da.',
    retry: true,
  },
  'offline': {
    title: 'Keine Verbindung zum Internet',
    advice: 'Verbinden Sie sich mit dem Internet. Das Foto ist noch da.',
    retry: true,
  },
  'timeout': {
    title: 'Es kommt nichts mehr durch',
    advice: 'Die Verbindung oder der Server ist verstummt. Das Foto ist noch da.',
    retry: true,
  },
  'slow-server': {
    title: 'Der Server hat zu lange gebraucht',
    advice: 'Warten Sie einen Moment und versuchen Sie es noch einmal.',
    retry: true,
  },
  'busy': {
    title: 'Der Server ist ausgelastet',
    advice: 'Andere sind vor Ihnen dran. Das Foto ist noch da.',
    retry: true,
  },
  'starting': {
    title: 'Der Server startet gerade',
    advice: 'Er lädt sein Modell. Das Foto ist noch da.',
    retry: true,
  },
  'too-often': {
    title: 'Zu viele Fotos auf einmal',
    advice: 'Der Server bittet um eine Pause. Das Foto ist noch da.',
    retry: true,
  },
  'forbidden': {
    title: 'Der Server nimmt diese Seite nicht an',
    advice: 'Wer ihn betreibt, muss diese Seite erlauben.',
    retry: false,
  },
  'unreadable': {
    title: 'Diese Seite darf die Antworten des Servers nicht lesen',
    advice: 'Wer ihn betreibt, muss diese Seite erlauben.',
    retry: false,
  },
  'refused': {
    title: 'Der Server hat die Anfrage abgelehnt',
    advice: 'Seite und Server passen vielleicht nicht zusammen. Wählen Sie ein anderes Foto, oder laden Sie die Seite neu.',
    retry: false,
  },
  'server': {
    title: 'Beim Server ist etwas schiefgegangen',
    advice: 'Versuchen Sie es noch einmal. Geschieht es wieder, nehmen Sie ein anderes Foto.',
    retry: true,
  },
  'bad-answer': {
    title: 'Die Antwort des Servers ergibt keinen Sinn',
    advice: 'Seite und Server haben vielleicht verschiedene Versionen. Versuchen Sie es später noch einmal.',
    retry: true,
  },
  'unexpected': {
    title: 'In dieser Seite ist etwas schiefgegangen',
    advice: 'Versuchen Sie es noch einmal, oder laden Sie die Seite neu.',
    retry: true,
  },
  'missing-part': {
    title: 'Ein Teil dieser Seite ließ sich nicht laden',
    advice: 'Prüfen Sie die Verbindung und versuchen Sie es noch einmal, oder laden Sie die Seite neu.',
    retry: true,
  },
  'cancelled': { title: 'Abgebrochen', advice: '„Noch einmal“ sendet es von Neuem.', retry: true },
};

/** @type {import('./texts.js').Texts} */
export const texts = {
  language: 'de',

  fixed: {
    promptTitle: 'Foto hier ablegen',
    promptHint: 'oder aus der Zwischenablage einfügen',
    promptTitleTouch: 'Mit einem Foto beginnen',
    promptHintTouch: 'aus der Kamera oder der Mediathek',
    awaiting: 'Die gefundenen Objekte erscheinen hier, jedes mit seiner Sicherheit.',
    choose: 'Foto auswählen',
    camera: 'Kamera verwenden',
    live: 'Live-Kamera',
    dropTitle: 'Loslassen, um zu beginnen',
    cancel: 'Abbrechen',
    retry: 'Noch einmal',
    reset: 'Leeren',
    add: 'Fotos hinzufügen',
    edit: 'Ändern',
    save: 'Sichern',
    examplesTitle: 'Ein Beispiel ausprobieren',
    privacy: 'Das Foto wird, wenn möglich, auf Ihrem Gerät verkleinert, auf dem Server geprüft und nicht gespeichert.',
    keep: 'Meine Fotos auf diesem Gerät behalten',
    kept: 'Das Foto bleibt auf diesem Gerät.',
    offlineNote: 'Der Server ist nicht zu erreichen. Wählen Sie schon ein Foto; es wird gesendet, sobald er wieder da ist.',
    edited: 'Von Ihnen geändert.',
    discard: 'Änderungen verwerfen',
    more: 'Einzelheiten',
    asServer: 'Zeichnung des Servers zeigen',
    resetView: 'Zurücksetzen',
    timings: 'Wo die Zeit blieb',
    engine: 'Gerechnet wird',
    model: 'Modell',
    theme: 'Aussehen',
    themeSystem: 'Wie das System',
    themeLight: 'Hell',
    themeDark: 'Dunkel',
    useApi: 'API verwenden',
    help: 'Tasten (?)',
    stored: 'Gespeichertes',
    noscript: 'Diese Seite braucht JavaScript.',
    notStarted: 'Diese Seite ist nicht gestartet. Laden Sie sie neu.',
  },

  labels: {
    about: 'Über diese Seite',
    language: 'Sprache',
    frame: 'Foto',
    results: 'Was gefunden wurde',
    detections: 'Gefundene Objekte',
    progress: 'Übertragung',
    marks: 'Rahmen im Foto',
    adjust: 'Einstellen',
    strip: 'Ihre Fotos',
    batch: 'Alle Fotos',
    saveMenu: 'Sichern oder kopieren',
    resetView: 'Filter zurücksetzen',
    editTools: 'Rahmen ändern',
    tools: 'Foto ansehen',
  },

  places: {
    server: (model) => `Vom Server${model && `, mit ${model}`}`,
    device: (model) => `Auf diesem Gerät, mit ${model}`,
  },

  idleCaption: 'JPEG, PNG, WebP, HEIC, AVIF, GIF oder BMP',

  steps: {
    waiting: 'Wartet, bis es an der Reihe ist …',
    opening: 'Foto wird geöffnet …',
    uploading: (fraction, sent = '') => `Wird gesendet … ${Math.floor(fraction * 100)} %${sent ? ` (${sent})` : ''}`,
    uploadingSpoken: 'Das Foto wird gesendet',
    finding: 'Objekte werden gesucht …',
    findingFor: (seconds) => `Objekte werden gesucht … ${seconds} s`,
    receiving: 'Antwort wird empfangen …',
    proving: 'Viel los; Ihr Gerät weist nach, dass Sie kein Roboter sind …',
    queued: (place, waitS) => `Platz ${place} in der Warteschlange${waitS === null ? '' : `, etwa ${time(waitS)}`}`,
  },

  bytes: (done, all) => `${decimal(done / 1e6, 1)} von ${decimal(all / 1e6, 1)} MB`,

  lights: {
    connecting: () => 'Verbindet …',
    online: (model) => (model ? `Bereit · ${model}` : 'Bereit'),
    busy: (model) => (model ? `Ausgelastet · ${model}` : 'Ausgelastet'),
    offline: () => 'Nicht erreichbar',
  },

  reasons: {
    free: 'nimmt Fotos an',
    working: (running, waiting) => `${running} in Arbeit, ${waiting} warten`,
    starting: 'lädt sein Modell',
    noNetwork: 'dieses Gerät hat kein Netz',
    noAnswer: 'keine Antwort vom Server',
    badAnswer: 'unter dieser Adresse antwortet ein anderer Server',
    forbidden: 'er nimmt diese Seite nicht an',
    unreadable: 'diese Seite darf seine Antworten nicht lesen',
    failing: 'bei ihm geht etwas schief',
  },

  checked: (seconds) => (seconds < 2 ? 'eben geprüft' : `vor ${time(seconds)} geprüft`),

  errors,

  tryAgainIn: (seconds) => `Versuchen Sie es in ${time(seconds)} noch einmal.`,
  allowOrigin: (origin) =>
    `Gehört er Ihnen: Setzen Sie dort PAGESIGHT_ALLOWED_ORIGINS=${origin}, und starten Sie ihn neu.`,

  workingAlt: (name) => `Ihr Foto ${name}`,
  noPreview: (name) => `Dieser Browser kann ${name} nicht zeigen. Der Server kann es.`,
  sentAsIs: (caption) => `${caption} · gesendet, wie es ist, mit seinen Metadaten; nicht aufbewahrt`,
  reference: (requestId) => `Kennung ${requestId}`,
  resultCaption: ({ name, width, height, seconds, place }) =>
    [name, `${width} × ${height}`, ...(seconds === null ? [] : [`${place === 'device' ? 'auf diesem Gerät ' : ''}in ${decimal(seconds, 2)} s gefunden`])].join(' · '),

  percent,

  stages: {
    decode: 'Foto lesen',
    inference: 'Objekte suchen',
    render: 'Zeichnen',
    queue: 'Warten, bis Platz ist',
    upload: 'Senden',
    prepare: 'Verkleinern',
    receive: 'Empfangen',
  },
  duration: (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${decimal(ms / 1000, 2)} s`),
  foundBy: (model) => `Modell ${model}`,

  showKind: (label) => `Zeigen: ${label}`,

  strip: {
    item: (name, state) => `${name}: ${state}`,
    states: { waiting: 'wartet', working: 'in Arbeit', error: 'nicht gelungen', held: 'wartet auf den Server' },
    cancel: (name) => `${name} abbrechen`,
    retry: (name) => `${name} noch einmal versuchen`,
    remove: (name) => `${name} entfernen`,
    removed: (many) => `${many} ${many === 1 ? 'Foto' : 'Fotos'} entfernt`,
    tooMany: (many) => `Die ersten ${many} Fotos wurden hinzugefügt.`,
  },

  batch: {
    now: 'Jetzt weitermachen',
    again: 'Alle noch einmal',
    goesOn: (seconds) =>
      seconds === null ? 'Geht von selbst weiter, sobald der Server wieder da ist.' : `Geht in ${time(seconds)} von selbst weiter.`,
    failed: (many) => `${many} Fotos sind nicht gelungen.`,
  },

  undo: 'Rückgängig',
  reload: 'Neu laden',

  plain: {
    fetching: 'Das Foto ohne Rahmen wird geholt …',
    failed: 'Das Foto ohne Rahmen ließ sich nicht holen. Das Bild bleibt, wie der Server es gezeichnet hat.',
  },

  undoOffered: (done) => `${done}. Das lässt sich rückgängig machen.`,
  discarded: 'Änderungen verworfen',

  kinds: (labels) => `Findet ${labels.length} ${labels.length === 1 ? 'Art' : 'Arten'}: ${labels.slice(0, 3).join(', ')}${labels.length > 3 ? ', …' : ''}`,

  copied: 'Kopiert',
  curl: { label: 'curl-Befehl kopieren', hint: 'dieselbe Anfrage im Terminal' },

  editing: { done: 'Fertig' },
};
