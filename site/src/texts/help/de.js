/** What the windows of help say, in German. */

/** @type {typeof import('./en.js').words} */
export const words = {
  title: 'Tasten',
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
};
