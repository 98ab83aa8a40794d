/** The one function we use of the library's small build, which comes without types of its own. */
declare module 'exifr/dist/mini.esm.mjs' {
  export function orientation(input: Uint8Array): Promise<number | undefined>;
}
