/** Lets the tools in with the first result, for they cost bytes and are of no use before. */

/** @param {Parameters<typeof import('./tools.js').createTools>[0]} parts */
export function createToolsDoor(parts) {
  /** @type {ReturnType<typeof import('./tools.js').createTools> | null} */
  let tools = null;
  let isOpen = false;

  async function load() {
    const { createTools } = await import('./tools.js');
    tools ??= createTools(parts);
    if (isOpen) tools.open();
  }

  return {
    open() {
      isOpen = true;
      if (tools) tools.open();
      else void load().catch(() => {}); // the picture is seen without them, and the next one asks again
    },

    close() {
      isOpen = false;
      tools?.close();
    },
  };
}
