/** @type {typeof import('./en.js').words} */
export const words = {
  title: 'Tasten',
  close: 'Schließen',
  copy: 'Kopieren',
  api: 'Dieselbe Anfrage aus einem Programm, mit dem, was gerade gewählt ist. Das Foto liegt im aktuellen Ordner.',
  keys: [
    ['Strg V', 'ein Foto aus der Zwischenablage nehmen'],
    ['+ − 0', 'näher, weiter weg, das ganze Foto'],
    ['Strg Mausrad', 'näher und weiter weg am Zeiger'],
    ['[ ]', 'das Foto davor und danach'],
    ['F', 'Vollbild'],
    ['H', 'Markierungen ausblenden und zeigen'],
    ['← → ↑ ↓', 'von Markierung zu Markierung; beim Bearbeiten den Rahmen verschieben'],
    ['Alt ← → ↑ ↓', 'beim Bearbeiten die Größe ändern, mit Umschalt in größeren Schritten'],
    ['Entf', 'beim Bearbeiten den Rahmen löschen'],
    ['Strg Z', 'beim Bearbeiten rückgängig, mit Umschalt wiederholen'],
    ['Esc', 'abbrechen, schließen'],
  ],
  stored: 'Damit sich diese Seite ohne Netz öffnet, behält Ihr Browser sie, dazu Ihre Einstellungen und, wenn hier gerechnet wird, das Modell. Fotos behält er nie.',
  forget: 'Alles Gespeicherte vergessen',
  forgotten: 'Vergessen. Ihre Einstellungen gelten noch, bis Sie die Seite verlassen.',
  notForgotten: 'Dieser Browser lässt die Seite nicht vergessen. Löschen Sie die Daten dieser Website in seinen Einstellungen.',
};
