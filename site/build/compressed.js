/**
 * A Vite plugin: beside each text of the built page lies a compressed twin, `NAME.gz`, for a server that sends it.
 * GitHub Pages and nginx compress by themselves.
 */

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TEXT = /\.(html|js|css|svg|json|webmanifest)$/;
const compress = promisify(gzip);

/** @returns {import('vite').Plugin} */
export function compressed() {
  return {
    name: 'pagesight-compressed',
    apply: 'build',
    async writeBundle({ dir = '.' }) {
      for (const name of await readdir(dir, { recursive: true })) {
        if (!TEXT.test(name)) continue;
        const path = join(dir, name);
        await writeFile(`${path}.gz`, await compress(await readFile(path), { level: 9 }));
      }
    },
  };
}
