/** Every text of this page in German. */

/** @param {number} many */
const photos = (many) => `${many.toLocaleString('de')} ${many === 1 ? 'Foto' : 'Fotos'}`;

/** @type {typeof import('./en.js').words} */
export const words = {
  language: 'de',

  title: (folder) => (folder ? `${folder} berichtigen` : 'Ihre Daten berichtigen'),

  fixed: {
    private: 'Nur auf diesem Rechner: Nichts wird hochgeladen.',
    filter: 'Label',
    keys: 'Tasten',
    keysHint:
      'Solange die Fotos den Fokus haben: die Tasten neben den Labels, Enter für „richtig“, Entf, Z macht rückgängig, Pfeile gehen weiter, ' +
      'Leertaste oder Umschalt mit Pfeilen wählt mehrere aus, Strg A alle, Esc keines.',
    previous: 'Zurück',
    next: 'Weiter',
    onlyOpen: 'Nur was noch nicht gespeichert ist',
    save: 'Speichern, weiter',
    fromModel: 'Modell fragen',
    boxKeys: 'S speichert und geht weiter, [ und ] gehen zurück und vor; ein Rahmen hat die Tasten, die darüber stehen.',
    theme: 'Aussehen',
    themeSystem: 'Wie das System',
    themeLight: 'Hell',
    themeDark: 'Dunkel',
  },

  names: {
    views: 'Was Sie ansehen',
    photographs: 'Fotos',
    tray: 'Was zu tun ist',
    labels: 'Labels',
    boxes: 'Rahmen im Foto',
    boxTray: 'Was zu tun ist',
    editTools: 'Rahmen bearbeiten',
    language: 'Sprache',
    tools: 'Foto ansehen',
  },

  views: (view, many) => `${{ doubts: 'Wohl falsch', pairs: 'Doppelte', all: 'Alle' }[view]} ${many.toLocaleString('de')}`,

  about: (view, { run }, label, pair) => {
    if (view === 'doubts') return `Labels, an denen das Training von „${run?.name}“ zweifelt, die schlimmsten zuerst, mit dem, was das Modell darin sieht. Sagen Sie, was stimmt.`;
    if (view === 'pairs') {
      const across = pair?.across ? ' Das Modell lernt aus einem und wird mit dem anderen geprüft; sein Ergebnis ist also zu gut.' : '';
      return `${pair ? `${words.pairOf(pair.position, pair.of)}: fast` : 'Fast'} dasselbe Foto zweimal. Löschen Sie eines, oder behalten Sie beide.${across}`;
    }
    if (label) return `Alle Fotos von „${label}“ der Reihe nach.`;
    return run ? 'Alle Fotos der Reihe nach.' : 'Alle Fotos der Reihe nach. Mit NAME=modell kommen zuerst die, an denen das Modell zweifelt.';
  },

  nothing: {
    doubts: 'Nichts ist mehr zweifelhaft. Trainieren Sie neu, und sehen Sie an, was dann zweifelhaft ist.',
    pairs: 'Es gibt keine Doppelten mehr.',
    all: 'Es gibt keine solchen Fotos.',
  },

  allLabels: 'alle',
  unreadable: 'Dieses Foto ist nicht lesbar.',
  kept: 'angesehen',
  says: (label) => `Sieht nach ${label} aus`,
  saysShort: (label) => `${label}?`,
  pairOf: (position, of) => `Paar ${position} von ${of}`,
  chosen: (many) => `${photos(many)} ausgewählt`,

  acts: { keep: 'Richtig (Enter)', keepBoth: 'Beide behalten (Enter)', delete: 'Löschen (Entf)', undo: 'Rückgängig (Z)' },
  undo: (last) => (last ? `${{ relabel: 'Label', delete: 'Löschen', keep: '„Richtig“', 'keep-both': 'Behalten' }[last.do]} rückgängig (Z)` : 'Rückgängig (Z)'),

  did: ({ did, undone, photographs: { length: many } }, label) => {
    if (undone) return `Rückgängig: ${photos(many)} wie zuvor.`;
    if (did === 'relabel') return `${photos(many)} jetzt „${label}“.`;
    if (did === 'delete') return `${photos(many)} im Ordner .trash.`;
    return did === 'keep' ? `${photos(many)} so richtig.` : 'Beide bleiben.';
  },

  leftOut: (many) => (many === 1 ? '1 Datei ist ausgelassen' : `${many} Dateien sind ausgelassen`),

  ended: 'Das Programm ist beendet. Starten Sie es wieder: Alles Entschiedene steht im Ordner.',

  boxes: {
    place: (position, of, done) => `Foto ${position} von ${of} · ${done} gespeichert`,
    saved: 'Gespeichert.',
    savedTo: (file) => `In ${file} gespeichert.`,
    open: 'Noch nicht gespeichert.',
    found: (many) => `Das Modell hat ${many === 1 ? '1 Rahmen' : `${many} Rahmen`} gefunden. Berichtigen Sie, dann speichern.`,
    asking: 'Das Modell sieht hin…',
    edited: 'Geändert, noch nicht gespeichert.',
    alt: (name) => `Das Foto ${name}`,
    box: (label, place) => `${label}, Rahmen ${place}`,
    done: 'Alle Fotos sind gespeichert.',
  },
};
