// Builds what a script tag loads: the classic script and its lazy pieces. The package for npm is widget-package.ts.

import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build, type Plugin } from 'vite';
import { servedPiece } from '../vite.config.js';
import { type LazyEntry, lazyEntries } from './lazy-entries.js';
import { dist, root } from './paths.js';
import { type ServedFile, writeServedFile } from './served-files.js';

const scriptFile = 'polyai-callback.js';
const virtualId = '\0lazy-url';

/** Builds everything in dist/widget. Lazy pieces come first, because the script names their hashed twins. */
export async function buildWidgetScript(): Promise<void> {
  await rm(`${dist}widget`, { recursive: true, force: true });
  await mkdir(`${dist}widget`, { recursive: true });
  const served: Record<string, ServedFile> = {};
  const twins = new Map<string, string>();
  const built: (LazyEntry & { readonly content: Uint8Array })[] = [];
  for (const entry of lazyEntries) {
    const { module } = entry;
    if (!existsSync(root + module)) throw new Error(`scripts/lazy-entries.ts names ${module}, which does not exist`);
    built.push({ ...entry, content: await bundle(module, 'es', new Map()) });
  }
  for (const { module, file, family, content } of built) {
    const relatives = family === undefined ? [content] : built.filter((b) => b.family === family).map((b) => b.content);
    const result = await writeServedFile(file, content, relatives);
    served[file] = result;
    twins.set(root + module, result.hashed);
  }
  served[scriptFile] = await writeServedFile(scriptFile, await bundle('src/widget/embed.ts', 'iife', twins));
  await writeFile(`${dist}widget/assets.json`, `${JSON.stringify(served, null, 2)}\n`);
}

/** One module and all it imports as one minified file. */
async function bundle(module: string, format: 'es' | 'iife', twins: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const files = Object.fromEntries(lazyEntries.map(({ module: m, file }) => [file, twins.get(root + m) ?? file]));
  const result = await build(servedPiece(module, format, files, [lazyUrls(twins)]));
  if (Array.isArray(result) || !('output' in result)) throw new Error(`${module}: expected one build`);
  const [chunk, ...others] = result.output;
  if (others.length > 0) {
    throw new Error(`${module}: expected one file, got also ${others.map((other) => other.fileName).join(', ')}`);
  }
  return new TextEncoder().encode(chunk.code);
}

/** A table of pieces that differ in their key alone: as a loop it costs the script 50 bytes less. */
const familyTable = /(?:\w+: \(\) => lazyPiece\("([\w-]+)-\w+(\.[0-9a-f]{12}\.js)"\),\s*){2,}/;

/**
 * Turns `import('./piece.js')` of a lazy entry into a request for its hashed twin beside the script itself, wherever that
 * was loaded from (script-source.ts).
 * A module that failed to load stays failed for as long as the page lives (HTML, "fetch a single module script": the module
 * map), so a piece is asked for again under another address.
 */
function lazyUrls(twins: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'lazy-urls',
    enforce: 'pre',
    resolveId: (id) => (id === virtualId ? virtualId : null),
    load: (id) =>
      id === virtualId
        ? `import { scriptUrl } from ${JSON.stringify(`${root}src/widget/embed/script-source.ts`)};
           let again = 0;
           export const lazyPiece = (file) => {
             const url = new URL(file, scriptUrl).href;
             return import(/* @vite-ignore */ url).catch(() => import(/* @vite-ignore */ url + '?again=' + ++again));
           };`
        : null,
    async transform(code, id) {
      if (twins.size === 0 || !id.endsWith('.ts')) return null;
      const imports = [...code.matchAll(/\bimport\(\s*'(\.[^']+)'\s*\)/g)];
      let changed = code;
      for (const found of imports) {
        const target = await this.resolve(found[1] ?? '', id);
        const twin = target === null ? undefined : twins.get(target.id);
        if (twin !== undefined) {
          changed = changed.replace(found[0], `lazyPiece(${JSON.stringify(twin)})`);
        }
      }
      if (changed === code) return null;
      changed = changed.replace(familyTable, (table: string, before: string, after: string) => {
        const names = [...table.matchAll(/(\w+): /g)].map((match) => match[1]);
        const name = `\`${before}-\${name}${after}\``;
        return `...Object.fromEntries("${names.join(' ')}".split(" ").map((name) => [name, () => lazyPiece(${name})])),`;
      });
      // On the first line, so that line numbers stay.
      return { code: `import { lazyPiece } from ${JSON.stringify(virtualId)};${changed}`, map: null };
    },
  };
}
