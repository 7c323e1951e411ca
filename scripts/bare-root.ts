// `npm run test:bare-root [-- folder]`, after a build, as root on Debian with `debootstrap`: the start command of the Dockerfile in a bare Debian that
// has nothing but Node. The package is installed as the image does it, the root is read-only, the user unprivileged, and only /data can be
// written. `folder`: a root made by debootstrap before, which saves minutes. No container engine is needed, and no image is built.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagesFolder } from './packages/packages.js';
import { root } from './paths.js';

const uid = 1000;
const port = 18_787;
const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const dockerfile = readFileSync(`${root}Dockerfile`, 'utf8');
const command = commandOf(/^CMD (\[.*\])$/m);
const healthCheck = commandOf(/^ {2}CMD (\[.*\])$/m);

const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bare-root-'));
const given = process.argv[2];
const base = given ?? join(folder, 'root');
if (given === undefined) {
  console.log('debootstrap: takes some minutes');
  run('debootstrap', '--variant=minbase', 'bookworm', base);
}

const tarball = join(
  folder,
  run(
    'npm',
    'pack',
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    folder,
    `${packagesFolder}polyai-callback-proxy`,
  ).trim(),
);
const app = join(base, 'app');
const data = join(base, 'data');
for (const path of [app, data]) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
}
chownSync(data, uid, uid);
run(
  'npm',
  'install',
  '--prefix',
  app,
  '--omit=dev',
  // As in the Dockerfile, where this Node also needs no native package.
  ...(isBuiltin('node:sqlite') ? ['--omit=optional'] : []),
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--silent',
  tarball,
);
copyFileSync(process.execPath, join(base, 'usr/bin/node'));

// In its own mount namespace: a read-only root with one writable folder.
const script = `
mount --bind "$1" "$1"
mount --bind "$1/data" "$1/data"
mount -o remount,ro,bind "$1"
shift
exec chroot --userspec=${String(uid)}:${String(uid)} "$@"`;
const inRoot = (...args: readonly string[]): readonly string[] => [
  '--mount',
  '--propagation',
  'private',
  'sh',
  '-ec',
  script,
  'sh',
  base,
  base,
  '/usr/bin/env',
  '-i',
  '-C',
  '/app',
  'PATH=/usr/bin:/bin',
  'NODE_ENV=production',
  `PORT=${String(port)}`,
  'HOST=0.0.0.0',
  'DATABASE_URL=file:/data/polyai-callback.db',
  'SANDBOX=true',
  ...args,
];

const proxy = spawn('unshare', inRoot(...command), { stdio: ['ignore', 'pipe', 'inherit'] });
let output = '';
proxy.stdout.setEncoding('utf8').on('data', (text: string) => {
  output += text;
});
const ended = new Promise<number | null>((resolve) => {
  proxy.on('close', resolve);
});
try {
  const url = `http://127.0.0.1:${String(port)}`;
  await untilReady(url);
  assert.equal((await fetch(`${url}/polyai-callback.js`)).status, 200, 'the script is not served');
  run('unshare', ...inRoot(...healthCheck));
  assert.throws(() => run('unshare', ...inRoot('touch', '/app/x')), 'the root can be written');
  assert.ok(existsSync(join(data, 'polyai-callback.db')), 'no database in /data');
  assert.deepEqual(
    readdirSync(join(app, 'node_modules')).filter((name) => /^(?:vite|typescript|hono)$/.test(name)),
    [],
  );
  const memory = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${String(proxy.pid)}/status`, 'utf8'))?.[1];
  console.log(`ready; ${String(Math.round(Number(memory) / 1024))} MB resident`);
  proxy.kill('SIGTERM');
  assert.equal(await ended, 0, `the exit code after SIGTERM; ${output}`);
  console.log('bare root: the start command, the health check and SIGTERM work without anything but Node');
} catch (error) {
  proxy.kill('SIGKILL');
  console.error(output);
  throw error;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function commandOf(pattern: RegExp): readonly string[] {
  const [, list = '[]'] = pattern.exec(dockerfile) ?? [];
  const words = JSON.parse(list) as string[];
  assert.equal(words[0], 'node', `the Dockerfile has no ${String(pattern)}`);
  return words;
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('not ready within 20 seconds');
}
