// A second task: where land and sea are, with a mask, an outline and a point, shares in place of confidences, a control, and a
// file of its own.

const COLOURS = ['#3b7dd8', '#d8a13b'];

export const regions = {
  id: 'regions',
  fields: { regions: 'true' },
  fieldsOf: () => ({ regions: 'true' }),

  parse({ regions: found }, { width, height }) {
    if (!Array.isArray(found)) throw Object.assign(new Error('no regions'), { kind: 'bad-answer' });
    return { found, size: { width, height } };
  },

  choice: {
    defaults: { least: 0 },
    read: (values, start) => ({ least: Number(values.get('least') ?? start.least) }),
    write: ({ least }, start) => (least === start.least ? [] : [['least', String(least)]]),
  },

  refine: ({ found, size }, { least }) => ({ size, regions: found.filter(({ share }) => share >= least), isAdjustable: true }),

  rows: ({ regions: shown }) =>
    shown.map(({ label, share }, index) => ({ label, figure: `${Math.round(share * 100)} in 100`, share, colour: COLOURS[index] })),

  marks: ({ regions: shown, size: { width, height } }) =>
    shown.map(({ label, mask }, index) => {
      const box = { x1: 0, y1: (index * height) / 2, x2: width, y2: ((index + 1) * height) / 2 };
      const points = [{ x: box.x1, y: box.y1 }, { x: box.x2, y: box.y1 }, { x: width / 2, y: box.y2 }];
      return {
        name: `${label}, region ${index + 1}`,
        colour: COLOURS[index],
        box,
        marks: [
          { kind: 'mask', url: mask, box },
          { kind: 'polygon', points },
          { kind: 'point', at: { x: width / 2, y: (box.y1 + box.y2) / 2 } },
          { kind: 'label', text: label, box },
        ],
      };
    }),

  words: ({ regions: shown }) => {
    const title = `${shown.length} regions`;
    return { title, sentence: shown.map(({ label }) => label).join(' and '), spoken: title, alt: `Your photo with ${title}` };
  },

  controls({ main, onChoice, onSettled }) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.textContent = 'Only large regions';
    button.addEventListener('click', () => {
      onChoice({ least: 0.5 });
      onSettled();
    });
    main.append(button);
    return {
      show: ({ choice }) => button.setAttribute('aria-pressed', String(choice.least > 0)),
      remove: () => main.replaceChildren(),
    };
  },

  formats: [
    {
      id: 'csv',
      label: () => 'Table of regions',
      hint: () => '.csv',
      make: async ({ name, shown }) => {
        const lines = shown.regions.map(({ label, share }) => `${label},${share}\n`);
        return { name: `${name}.csv`, content: new Blob(lines, { type: 'text/csv' }) };
      },
    },
  ],
};
