// What the proxy serves along with a file: its immutable hashed copy, compressed versions of both, and the list of all files.
// Does not build the files themselves.

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { dist } from './paths.js';

const brotli = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** One entry of dist/widget/assets.json. Sizes are in bytes, as transferred. */
export interface ServedFile {
  /** The copy with a hash in its name: its content never changes, so it may be cached forever. */
  readonly hashed: string;
  readonly bytes: number;
  readonly brotli: number;
  readonly gzip: number;
  /** For the `integrity` attribute of a script tag that names the hashed file. */
  readonly integrity: string;
}

/** dist/widget/assets.json: the plain name of each served file → its entry. */
export type ServedFiles = Readonly<Record<string, ServedFile>>;

/** The first 12 hex digits of the SHA-256 of the concatenated contents. */
export function contentHash(contents: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content);
  return hash.digest('hex').slice(0, 12);
}

/**
 * Writes a file, its copy with `hash` in its name (`name.js` → `name.0123456789ab.js`), and `.br` (quality 11) and `.gz`
 * (level 9) of both into dist/widget.
 */
export async function writeServedFile(file: string, content: Uint8Array, hash: string): Promise<ServedFile> {
  const hashed = file.replace(/(\.[^.]+)$/, `.${hash}$1`);
  const br = await brotli(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
    },
  });
  const gz = await gzipAsync(content, { level: 9 });
  const folder = `${dist}widget/`;
  await mkdir(folder, { recursive: true });
  for (const name of [file, hashed]) {
    await writeFile(folder + name, content);
    await writeFile(`${folder}${name}.br`, br);
    await writeFile(`${folder}${name}.gz`, gz);
  }
  const integrity = `sha384-${createHash('sha384').update(content).digest('base64')}`;
  return { hashed, bytes: content.byteLength, brotli: br.byteLength, gzip: gz.byteLength, integrity };
}
