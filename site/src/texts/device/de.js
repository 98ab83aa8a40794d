/** Was vom Rechnen auf dem Gerät gesagt wird, auf Deutsch. */

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1).replace('.', ',')}\u00a0MB`;

/** @type {typeof import('./en.js').words} */
export const words = {
  loading: (model, done, all) =>
    `${model} wird auf dieses Gerät geladen … ${(done / 1e6).toFixed(1).replace('.', ',')} von ${megabytes(all)}, einmalig`,
  starting: (model) => `${model} wird auf diesem Gerät gestartet …`,
  offline: (model, bytes) =>
    `Der Server ist nicht zu erreichen. Ihr Gerät sucht selbst, mit ${model}${bytes > 0 ? ` (lädt einmalig ${megabytes(bytes)})` : ''}; kein Foto verlässt es.`,

  ask: 'Das Modell auf dieses Gerät laden?',
  askWhy: (model, bytes) =>
    `Ihr Gerät kann das Foto selbst ansehen. Dafür lädt es einmalig ${model}, ${megabytes(bytes)}. Ihre Verbindung könnte etwas kosten.`,
  load: (bytes) => `${megabytes(bytes)} laden`,

  errors: {
    'device-loading': {
      title: 'Das Modell ließ sich nicht laden',
      advice: 'Prüfen Sie die Verbindung. Das Foto ist noch da und bleibt auf diesem Gerät.',
      retry: true,
    },
    'device-refused': {
      title: 'Das Modell ist nicht geladen',
      advice: 'Lassen Sie es laden, oder lassen Sie den Server Ihre Fotos ansehen: „Meine Fotos auf diesem Gerät behalten“ ausschalten.',
      retry: true,
    },
    'device-failed': {
      title: 'Dieses Gerät hat es nicht geschafft',
      advice: 'Vielleicht reicht der Speicher nicht. Schließen Sie andere Tabs und versuchen Sie es noch einmal, oder lassen Sie den Server Ihre Fotos ansehen.',
      retry: true,
    },
    'device-unreadable': {
      title: 'Dieser Browser kann das Foto nicht lesen',
      advice: 'Speichern Sie es als JPEG, oder lassen Sie es den Server ansehen: „Meine Fotos auf diesem Gerät behalten“ ausschalten.',
      retry: false,
    },
    'kept': {
      title: 'Ihre Fotos bleiben auf diesem Gerät',
      advice: 'Damit der Server dieses ansieht, schalten Sie „Meine Fotos auf diesem Gerät behalten“ aus.',
      retry: true,
    },
  },
};
