// Copies the type declarations that a package's entries need, and no others, from the compiler's own output, so that the package and the
// type check cannot differ.

import { spawn } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../paths.js';

/** Compiles a project of the repository, and copies the declarations of `entries` (paths in src/, without extension) with everything they import into `to`. Returns the packages they import. */
export async function copyDeclarations(
  project: string,
  entries: readonly string[],
  to: string,
): Promise<ReadonlySet<string>> {
  await run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', project]);
  const packages = new Set<string>();
  const queue = [...entries];
  const seen = new Set(queue);
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const from = `${root}.cache/tsc/src/${entry}.d.ts`;
    const code = await readFile(from, 'utf8');
    await mkdir(dirname(`${to}${entry}`), { recursive: true });
    await cp(from, `${to}${entry}.d.ts`);
    for (const specifier of specifiersOf(code)) {
      const next = join(dirname(entry), specifier).replaceAll('\\', '/').replace(/\.js$/, '');
      if (!specifier.startsWith('.')) packages.add(specifier);
      else if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  }
  return packages;
}

/** What a declaration imports: with `from`, for side effects, or inside a type. Doc comments are skipped, because they show imports of the package itself. */
const specifiersOf = (code: string): readonly string[] =>
  [...code.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/(?:\bfrom|\bimport\(?)\s*['"]([^'"]+)['"]/g)].map(
    ([, specifier = '']) => specifier,
  );

/** Runs a program in the repository's root until it exits; throws when it fails. Its errors go to stderr; other output is discarded. */
export async function run(program: string, args: readonly string[]): Promise<void> {
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
