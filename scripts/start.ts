// `npm start`: builds the proxy and the files it serves, then runs it as in production: `node dist/proxy/main.js`.
// It only forwards signals; in a container, start the built file itself.

import { spawn } from 'node:child_process';
import { root } from './paths.js';

const code = await run([
  ...process.execArgv,
  `${root}scripts/build.ts`,
  'script',
  'demo',
  'owner',
  'proxy',
  'licenses',
]);
process.exitCode = code === 0 ? await run([`${root}dist/proxy/main.js`]) : code;

/** Runs Node with these arguments until it exits and returns its exit code. */
async function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  // A terminal sends Ctrl-C to the whole process group, so the child already has it; a second one would cut its shutdown short.
  const interrupt = process.stdin.isTTY ? (): void => {} : pass;
  process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', interrupt);
  // npm passes a signal only to its shell, which exits without forwarding it; a changed parent process reveals that.
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 250);
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject).on('close', (...end) => resolve(end));
  });
  clearInterval(orphaned);
  process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', interrupt);
  return exitCode ?? (signal === 'SIGINT' ? 130 : 143);
}
