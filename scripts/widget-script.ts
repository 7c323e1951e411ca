// Builds what a script tag loads: the classic script and its chunks. widget-package.ts builds the npm package.

import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build, type InlineConfig } from 'vite';
import { licensesFile, widgetChunk, widgetScript } from '../vite.config.js';
import { chunks } from './chunks.js';
import { keepLicenses, type License, licenseComment, licensesIn } from './packages/licenses.js';
import { dist, root } from './paths.js';
import { contentHash, type ServedFile, writeServedFile } from './served-files.js';

const scriptFile = 'polyai-callback.js';

/** Builds everything in dist/widget. Chunks come first, because the script contains their hash. */
export async function buildWidgetScript(): Promise<void> {
  await rm(`${dist}widget`, { recursive: true, force: true });
  await mkdir(`${dist}widget`, { recursive: true });
  const licenses: License[] = [];
  const built: { readonly file: string; readonly content: Uint8Array }[] = [];
  for (const { module, file } of chunks) {
    if (!existsSync(root + module)) throw new Error(`scripts/chunks.ts names ${module}, which does not exist`);
    built.push({ file, content: await bundle(widgetChunk(module), licenses) });
  }
  // One hash for all chunks, so that the script contains it only once.
  const hash = contentHash(built.map(({ content }) => content));
  const served: Record<string, ServedFile> = {};
  for (const { file, content } of built) served[file] = await writeServedFile(file, content, hash);
  const script = await bundle(widgetScript(hash), licenses);
  served[scriptFile] = await writeServedFile(scriptFile, script, contentHash([script]));
  await writeFile(`${dist}widget/assets.json`, `${JSON.stringify(served, null, 2)}\n`);
  await keepLicenses('script', licenses);
}

/** The only file that a build produces; the licenses of what is in it are added to `licenses`. */
export async function bundle(config: InlineConfig, licenses: License[]): Promise<Uint8Array> {
  const result = await build(config);
  if (Array.isArray(result) || !('output' in result)) throw new Error('expected one build');
  licenses.push(...licensesIn(result.output));
  const [chunk, ...others] = result.output.filter(({ fileName }) => fileName !== licensesFile);
  if (others.length > 0) {
    throw new Error(`expected one file, got also ${others.map((other) => other.fileName).join(', ')}`);
  }
  if (chunk?.type !== 'chunk') throw new Error('expected a script');
  return new TextEncoder().encode(licenseComment + chunk.code);
}
