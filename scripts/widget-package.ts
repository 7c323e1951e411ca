// Builds what `import 'polyai-callback'` loads: unminified ES modules with types, dependencies left to the importer.

import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build } from 'vite';
import { npmPackage } from '../vite.config.js';
import { dist, root } from './paths.js';

/** Builds dist/esm (modules and declarations). */
export async function buildWidgetPackage(): Promise<void> {
  await rm(`${dist}esm`, { recursive: true, force: true });
  await build(npmPackage);
  await copyDeclarations();
}

/** The declarations come from the compiler's own output, so that the package and the type check cannot differ. */
async function copyDeclarations(): Promise<void> {
  await run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', 'src/widget']);
  const from = `${root}.cache/tsc/src/`;
  const files = (await readdir(from, { recursive: true })).map((file) => file.replaceAll('\\', '/'));
  for (const file of files) {
    if (!file.endsWith('.d.ts') || !(file === 'contract.d.ts' || file.startsWith('widget/'))) continue;
    // A declaration left over from a deleted source is not part of the package.
    const source = await readFile(`${root}src/${file.replace(/\.d\.ts$/, '.ts')}`).catch(() => null);
    if (source === null) continue;
    await mkdir(dirname(`${dist}esm/${file}`), { recursive: true });
    await cp(from + file, `${dist}esm/${file}`);
  }
  // Written by hand, because they name frameworks that are not installed here; importing one at run time does nothing.
  await cp(`${root}src/widget/jsx`, `${dist}esm/widget/jsx`, { recursive: true });
  await writeFile(`${dist}esm/widget/jsx/types-only.js`, 'export {};\n');
}

/** Writes dist/custom-elements.json, which editors and catalogues read. Its paths are relative to the package. */
export async function buildManifest(): Promise<void> {
  await mkdir(dist, { recursive: true });
  const analyzer = `${root}node_modules/@custom-elements-manifest/analyzer/cem.js`;
  // What stands in for the element on servers has its name, but nothing to describe.
  const globs = ['--globs', 'src/widget/**/*.ts', '--exclude', 'src/widget/server/**'];
  await run(process.execPath, [analyzer, 'analyze', '--litelement', '--quiet', ...globs, '--outdir', 'dist']);
  const file = `${dist}custom-elements.json`;
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"\/?src\/(widget\/[^"]+)\.(?:ts|js)"/g, '"dist/esm/$1.js"'));
}

/** Runs a program in the repository's root until it exits; throws when it fails. Its errors go to stderr; other output is discarded. */
async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}\n${output}`);
}
