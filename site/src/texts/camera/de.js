/** What the camera says, in German. */

/** @param {number} seconds */
const inSeconds = (seconds) => (seconds === 1 ? '1 Sekunde' : `${seconds} Sekunden`);

/** @type {typeof import('./en.js').words} */
export const words = {
  still: 'Kamera',
  live: 'Live-Kamera',
  pause: 'Anhalten',
  resume: 'Weiter',
  snapshot: 'Foto aufnehmen',
  mirror: 'Spiegeln',
  turn: 'Andere Kamera',
  close: 'Schließen',
  retry: 'Noch einmal',
  more: 'Wo die Zeit blieb',

  opening: 'Kamera wird geöffnet …',
  asking: 'Das erste Bild wird angesehen …',
  reasons: {
    refused: 'Der Zugriff auf die Kamera ist gesperrt. Erlauben Sie ihn in den Einstellungen, oder wählen Sie ein Foto.',
    missing: 'Es ist keine Kamera da. Schließen Sie eine an, oder wählen Sie ein Foto.',
    busy: 'Ein anderes Programm benutzt die Kamera. Schließen Sie sie dort, und versuchen Sie es noch einmal.',
    insecure: 'Eine Live-Kamera braucht eine Seite, die über HTTPS kam. Nehmen Sie ein Foto auf.',
    unsupported: 'Dieser Browser ist zu alt für eine Live-Kamera. Nehmen Sie ein Foto auf.',
    gone: 'Die Kamera ist ausgegangen. Versuchen Sie es noch einmal.',
  },

  goesOn: (what, seconds) => `${what}. Es geht in ${inSeconds(seconds)} von selbst weiter.`,
  loading: (model, percent) => `${model} wird auf dieses Gerät geladen … ${percent} %`,
  taken: (many) => (many === 1 ? 'Zu Ihren Fotos gelegt.' : `Zu Ihren Fotos gelegt, bisher ${many}.`),
  notTaken: 'Das Foto ließ sich nicht aufnehmen. Versuchen Sie es noch einmal.',

  figures: (perSecond, delayMs) => `${perSecond.toFixed(1).replace('.', ',')} Bilder je Sekunde, ${Math.round(delayMs)} ms Verzug`,
  privacy: {
    server: 'Bilder gehen an den Server und werden nicht gespeichert.',
    device: 'Kein Bild verlässt dieses Gerät.',
  },
  alt: (named) => (named ? `Live-Bild mit Markierungen: ${named}` : 'Live-Bild; darin ist nichts markiert'),

  parts: {
    wait: 'Warten auf ein Bild',
    grab: 'Bild nehmen',
    encode: 'JPEG machen',
    way: 'Unterwegs',
    queue: 'Warten, bis es dran ist',
    decode: 'Bild lesen',
    inference: 'Objekte finden',
    read: 'Antwort lesen',
    paint: 'Malen',
  },
};
