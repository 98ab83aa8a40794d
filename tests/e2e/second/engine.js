// A second engine: computes on the visitor's device, and draws nothing.

/** Half of a mask is seen. */
function maskOf(colour) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [8, 8];
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 4, 8);
  return canvas.toDataURL('image/png');
}

export const createTabEngine = () => ({
  id: 'tab',
  place: 'device',
  label: () => 'This very tab',

  async run({ file, size }, { onStage, signal }) {
    onStage({ name: 'working' });
    signal.throwIfAborted();
    const found = [
      { label: 'sea', share: 0.7, mask: maskOf('rgb(0 0 255 / 50%)') },
      { label: 'land', share: 0.3, mask: maskOf('rgb(0 255 0 / 50%)') },
    ];
    return { name: file.name, task: 'regions', model: 'coast', ...size, image: null, timings: { inference: 3 }, json: { regions: found } };
  },
});
