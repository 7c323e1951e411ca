// `npm run check:packages`, after a build: both packages as they would be published. Their entries resolve for every kind of importer
// (publint, attw), their types are complete, the element is small and contains no server code, and both contain the notices.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packagesFolder, publishRefusal } from '../packages/packages.js';
import { root } from '../paths.js';

interface Packed {
  readonly filename: string;
  /** Bytes. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Maximum size of the unpacked element, bytes. */
const elementLimit = 500_000;
const failures: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-packages-'));

for (const name of ['polyai-callback', 'polyai-callback-proxy']) {
  const packed = pack(name);
  const { messages, pkg } = await publint({ pkgDir: packagesFolder + name, strict: true });
  for (const message of messages) failures.push(`${name}: ${formatMessage(message, pkg) ?? message.code}`);

  const tarball = createPackageFromTarballData(readFileSync(join(folder, packed.filename)));
  const analysis = await checkPackage(tarball);
  if (analysis.types === false) failures.push(`${name}: it has no types`);
  else for (const problem of analysis.problems) if (matters(problem)) failures.push(`${name}: ${described(problem)}`);

  const paths = packed.files.map(({ path }) => path);
  for (const wanted of ['LICENSE', 'README.md'])
    if (!paths.includes(wanted)) failures.push(`${name}: ${wanted} is missing`);
  if (!paths.some((path) => path.endsWith('licenses.txt'))) failures.push(`${name}: the notices are missing`);
  if (name === 'polyai-callback') {
    if (packed.unpackedSize > elementLimit)
      failures.push(`${name}: ${String(packed.unpackedSize)} bytes, more than ${String(elementLimit)}`);
    const foreign = paths.filter((path) => /proxy|\.mjs$|\.png$/.test(path) && !path.endsWith('api/proxy-client.js'));
    if (foreign.length > 0) failures.push(`${name}: it contains ${foreign.join(', ')}`);
  }
  console.log(`${name}: ${String(paths.length)} files, ${String(packed.unpackedSize)} bytes unpacked`);
}
rmSync(folder, { recursive: true, force: true });

if (failures.length > 0) {
  console.error(failures.join('\n'));
  process.exitCode = 1;
} else {
  console.log('packages: publint and attw find nothing');
  const refusal = publishRefusal(
    JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { repository: { url: string } },
  );
  if (refusal !== undefined) console.log(`npm publish would refuse them. ${refusal}`);
}

function pack(name: string): Packed {
  const output = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: packagesFolder + name,
    encoding: 'utf8',
  });
  const [packed] = JSON.parse(output) as [Packed];
  return packed;
}

/** Both packages are ES modules on purpose; Node's oldest resolution ignores `exports`. */
function matters(problem: Problem): boolean {
  if (problem.kind === 'CJSResolvesToESM') return false;
  return !('resolutionKind' in problem) || problem.resolutionKind !== 'node10';
}

function described(problem: Problem): string {
  const where = 'entrypoint' in problem ? `${problem.entrypoint} (${problem.resolutionKind})` : '';
  return `${problem.kind} ${where}`.trim();
}
