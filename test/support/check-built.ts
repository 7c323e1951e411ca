// After a build: every file is syntax that Node (and so a browser of its age) can parse, and the package is in order.
// Sizes are size.ts; what must not be inside a bundle is test/boundaries.test.ts.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = fileURLToPath(new URL('../..', import.meta.url));
const failures: string[] = [];

const files = readdirSync(`${root}dist`, { recursive: true, encoding: 'utf8' })
  .map((file) => `dist/${file.replaceAll('\\', '/')}`)
  .filter((file) => /\.m?js$/.test(file) && !file.startsWith('dist/demo/'));
for (const file of files) {
  // Decorators that nobody lowered are the mistake this is here for. The classic script is no module: a copy named .cjs
  // would be needed to say so, but an IIFE is the same in both.
  const { status, stderr } = spawnSync(process.execPath, ['--check', root + file], { encoding: 'utf8' });
  if (status !== 0) failures.push(`${file}: ${stderr}`);
}

const script = readFileSync(`${root}dist/widget/polyai-callback.js`, 'utf8');
if (/\bimport\s*[{*'"]|\bexport\s*[{*]|\bimport\.meta\b/.test(script)) {
  failures.push('dist/widget/polyai-callback.js: not a classic script');
}

// Every path of package.json must be built, packed and of the format it claims.
const { messages, pkg } = await publint({ pkgDir: root, strict: true });
for (const message of messages) failures.push(`package.json: ${formatMessage(message, pkg) ?? message.code}`);

const manifest = JSON.parse(readFileOrNull(`${root}dist/custom-elements.json`) ?? '{"modules":[]}') as Manifest;
const tags = manifest.modules.flatMap((module) => module.declarations ?? []).map((declaration) => declaration.tagName);
if (!tags.includes('polyai-callback')) failures.push('dist/custom-elements.json does not describe <polyai-callback>');

if (failures.length > 0) {
  console.error(failures.join('\n'));
  process.exitCode = 1;
} else {
  console.log(`built files: ${String(files.length)} parse, package and manifest are in order`);
}

interface Manifest {
  readonly modules: readonly { readonly declarations?: readonly { readonly tagName?: string }[] }[];
}

function readFileOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
