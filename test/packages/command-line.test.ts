// Every command of the packed proxy, as an operator types it: what it prints, and its exit code. test/proxy/cli tests what each one does.
// Mutations that turn it red: drop a command from cli.ts; exit with 0 after a mistake; leave a command's chunk out of the package.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createProject, type Project, run } from './install.js';

let project: Project;
let main: string;
let version: string;
const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-commands-'));
const envFile = join(folder, 'settings.env');
before(async () => {
  project = await createProject('polyai-callback-proxy');
  const manifest = JSON.parse(readFileSync(join(project.home, 'package.json'), 'utf8')) as {
    version: string;
    bin: Record<string, string>;
  };
  version = manifest.version;
  main = join(project.home, manifest.bin['polyai-callback-proxy'] ?? '');
  writeFileSync(envFile, `DATABASE_URL=file:${join(folder, 'calls.db')}\nCHALLENGE=none\n`);
});
after(() => {
  project.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
async function command(...args: readonly string[]): Promise<Ended> {
  const { stdout, stderr, code } = await run(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  }).then(
    (ended) => ({ ...ended, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  return { code, out: stdout, err: stderr };
}
const settings = ['--env-file', envFile];
const commands = ['serve', 'doctor', 'calls', 'export', 'erase', 'suppress', 'unsuppress', 'migrate', 'backup'];

test('--version and --help answer on standard output, and the help lists every command', async () => {
  assert.deepEqual(await command('--version'), { code: 0, out: `${version}\n`, err: '' });
  const help = await command('--help');
  assert.deepEqual([help.code, help.err], [0, '']);
  for (const name of commands) assert.match(help.out, new RegExp(`^\\s+${name}\\b`, 'm'));
});

for (const name of commands)
  test(`${name} --help describes it, and an unknown option is a mistake on the command line`, async () => {
    const help = await command(name, '--help');
    assert.deepEqual([help.code, help.err], [0, '']);
    assert.match(help.out, new RegExp(`\\b${name}\\b`));
    const mistake = await command(name, '--no-such-option');
    assert.equal(mistake.code, 2, mistake.out);
    assert.match(mistake.err, /no-such-option/);
  });

test('an unknown command, a missing number and a missing folder are mistakes too', async () => {
  for (const args of [['call'], ['suppress'], ['suppress', 'abc'], ['erase'], ['unsuppress'], ['backup']]) {
    const { code, err } = await command(...args, ...settings);
    assert.notEqual(code, 0, args.join(' '));
    assert.notEqual(err, '', args.join(' '));
  }
});

test('one database goes through every command', async () => {
  const done = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await command(...args, ...settings);
    assert.equal(code, 0, `${args.join(' ')}: ${out}${err}`);
    return out;
  };
  await done('suppress', '+14155550100');
  assert.match(await done('export', '+14155550100'), /"suppressed": ?true|suppressed/);
  await done('erase', '+14155550100');
  assert.match(await done('export', '+14155550100'), /suppressed/);
  await done('unsuppress', '+14155550100');
  await done('calls');
  assert.match(await done('calls', '--format', 'csv'), /^[a-z]/i);
  await done('export', '--format', 'jsonl');
  await done('migrate', '--check');
  await done('migrate');
  await done('backup', join(folder, 'copy'));
  assert.ok(
    readdirSync(join(folder, 'copy')).some((file) => file.endsWith('.keys')),
    'the backup has no keys',
  );
  assert.match(await done('doctor'), /Nothing has to be fixed/);
});
