/** What went wrong and what to do next, by the kind of failure, in German. */

export const errors = {
  'empty': { title: 'Diese Datei ist leer', advice: 'Wählen Sie eine andere.', retry: false },
  'not-an-image': {
    title: 'Das ist kein Foto, das wir lesen können',
    advice: 'Wählen Sie ein Bild als JPEG, PNG, WebP, HEIC, AVIF, GIF oder BMP.',
    retry: false,
  },
  'too-large': { title: 'Diese Datei ist zu groß', advice: 'Wählen Sie eine unter 10 MB.', retry: false },
  'refused-image': {
    title: 'Dieses Foto lässt sich nicht verwenden',
    advice: 'Es ist vielleicht beschädigt oder hat zu viele Pixel. Sichern Sie es neu oder wählen Sie ein anderes.',
    retry: false,
  },
  'unreachable': {
    title: 'Der Server ist nicht zu erreichen',
    advice: 'Prüfen Sie die Verbindung oder warten Sie einen Moment. Das Foto ist noch da.',
    retry: true,
  },
  'offline': {
    title: 'Keine Verbindung zum Internet',
    advice: 'Verbinden Sie sich und versuchen Sie es noch einmal. Das Foto ist noch da.',
    retry: true,
  },
  'timeout': {
    title: 'Nach 60 Sekunden keine Antwort',
    advice: 'Die Verbindung oder der Server ist langsam. Versuchen Sie es noch einmal.',
    retry: true,
  },
  'slow-server': {
    title: 'Der Server hat zu lange gebraucht',
    advice: 'Warten Sie einen Moment und versuchen Sie es noch einmal.',
    retry: true,
  },
  'busy': {
    title: 'Der Server ist ausgelastet',
    advice: 'Andere sind vor Ihnen dran. Warten Sie einen Moment und versuchen Sie es noch einmal.',
    retry: true,
  },
  'starting': {
    title: 'Der Server startet gerade',
    advice: 'Warten Sie einen Moment und versuchen Sie es noch einmal.',
    retry: true,
  },
  'too-often': {
    title: 'Zu viele Fotos auf einmal',
    advice: 'Warten Sie einen Moment und versuchen Sie es noch einmal.',
    retry: true,
  },
  'forbidden': {
    title: 'Der Server nimmt diese Seite nicht an',
    advice: 'Wer ihn betreibt, muss diese Adresse in PAGESIGHT_ALLOWED_ORIGINS eintragen.',
    retry: false,
  },
  'refused': { title: 'Der Server hat die Anfrage abgelehnt', advice: 'Wählen Sie ein anderes Foto.', retry: false },
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
  'cancelled': { title: 'Abgebrochen', advice: 'Es wurde nichts weiter gesendet.', retry: true },
};
