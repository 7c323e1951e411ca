// After a build: checks that Node (and so a browser of the same age) can parse every file. checks/packages.ts checks the
// packages, size.ts the sizes, and test/boundaries.test.ts what a bundle must not contain.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const failures: string[] = [];

const files = readdirSync(`${root}dist`, { recursive: true, encoding: 'utf8' })
  .map((file) => `dist/${file.replaceAll('\\', '/')}`)
  .filter((file) => /\.m?js$/.test(file) && !file.startsWith('dist/demo/'));
// This catches decorators that were not compiled. Node itself parses the files, with one process per core.
const queue = [...files];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      const mistake = await promisify(execFile)(process.execPath, ['--check', root + file]).then(() => null, String);
      if (mistake !== null) failures.push(`${file}: ${mistake}`);
    }
  }),
);

const script = readFileSync(`${root}dist/widget/polyai-callback.js`, 'utf8');
if (/\bimport\s*[{*'"]|\bexport\s*[{*]|\bimport\.meta\b/.test(script)) {
  failures.push('dist/widget/polyai-callback.js: not a classic script');
}

if (failures.length > 0) {
  console.error(failures.join('\n'));
  process.exitCode = 1;
} else {
  console.log(`built files: ${String(files.length)} parse`);
}
