// Stores in processes of their own, for what only another process can do: be killed, share a file, meet a full disk.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { soon, temporaryFolder } from './store-worlds.js';

/** What a child does; see store-child.ts. */
export type Errand = 'reserve-for-ever' | 'until-unavailable' | 'meet-the-cap';

export interface StoreChild {
  /** The child has opened its store. */
  ready(): Promise<void>;
  /** Lets a child that waits begin. */
  go(): void;
  /** Resolves once so many reservations were acknowledged. */
  acknowledgedAtLeast(count: number): Promise<void>;
  kill(): void;
  /** Ids acknowledged before it ended, and its last word. */
  finished(): Promise<{ readonly acknowledged: readonly string[]; readonly last: string }>;
}

const deadlineMs = 60_000;
const script = join(import.meta.dirname, 'store-child.ts');

const running = new Set<ChildProcessWithoutNullStreams>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function storeChild(
  file: string,
  errand: Errand,
  { waits = false, fileBlocks }: { readonly waits?: boolean; readonly fileBlocks?: number } = {},
): StoreChild {
  const args = ['--import', 'tsx', script, file, errand, waits ? 'wait' : 'go'];
  const child =
    fileBlocks === undefined
      ? spawn(process.execPath, args)
      : spawn('sh', ['-c', `ulimit -f ${fileBlocks}; exec "$0" "$@"`, process.execPath, ...args]);
  running.add(child);
  let output = '';
  let errors = '';
  const heard = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const listener of heard) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const closed = once(child, 'close').then(() => {
    running.delete(child);
    for (const listener of heard) listener();
  });
  // A line that was cut by the kill was never acknowledged.
  const lines = (): string[] => output.split('\n').slice(0, -1);
  const acknowledged = (): string[] => lines().flatMap((line) => (line.startsWith('+') ? [line.slice(1)] : []));

  const until = (isSo: () => boolean): Promise<void> =>
    soon(
      new Promise((resolve, reject) => {
        const listener = (): void => {
          if (isSo()) resolve();
          else if (!running.has(child)) reject(new Error(`the child ended early: ${errors}`));
        };
        heard.add(listener);
        listener();
      }),
      deadlineMs,
    );

  return {
    ready: () => until(() => lines().includes('ready')),
    go: () => void child.stdin.write('go\n'),
    acknowledgedAtLeast: (count) => until(() => acknowledged().length >= count),
    kill: () => void child.kill('SIGKILL'),
    finished: async () => {
      await soon(closed, deadlineMs);
      return { acknowledged: acknowledged(), last: lines().at(-1) ?? errors };
    },
  };
}

/** A test with a folder of its own. */
export function inFolder(name: string, run: (folder: string) => Promise<void>): void {
  test(name, { timeout: 2 * deadlineMs }, async () => {
    const folder = temporaryFolder();
    try {
      await run(folder.path);
    } finally {
      folder.remove();
    }
  });
}
