// What the proxy serves beside a file: its immutable hashed twin, both precompressed, and the list of them all.
// It does not build the files themselves.

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { dist } from './paths.js';

const brotli = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** One line of dist/widget/assets.json. Sizes are bytes on the wire. */
export interface ServedFile {
  /** The twin's name; its content never changes, so it may be cached for ever. */
  readonly hashed: string;
  readonly bytes: number;
  readonly brotli: number;
  readonly gzip: number;
  /** For the `integrity` attribute of a script tag that names the hashed twin. */
  readonly integrity: string;
}

/** dist/widget/assets.json: the plain file name of each served file → its facts. */
export type ServedFiles = Readonly<Record<string, ServedFile>>;

/** The name of a file's hashed twin: `name.js` → `name.0123456789ab.js`. The hash is the first 12 digits of the SHA-256 of its contents. */
export function hashedName(file: string, contents: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content);
  return file.replace(/(\.[^.]+)$/, `.${hash.digest('hex').slice(0, 12)}$1`);
}

/** Writes a file, its hashed twin, and `.br` (quality 11) and `.gz` (level 9) of both into dist/widget. `family`: the contents its twin is named after, its own among them. */
export async function writeServedFile(
  file: string,
  content: Uint8Array,
  family: readonly Uint8Array[] = [content],
): Promise<ServedFile> {
  const hashed = hashedName(file, family);
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
