// A program of the benchmark in its own process, so that no two event loops are measured together.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A running child. Messages are JSON; every wait has a deadline. */
export interface Child {
  /** Sends a message, if any, and waits for the next reply. */
  request<Reply>(message?: object): Promise<Reply>;
  /** Sends a message that has no reply of its own. */
  send(message: object): void;
  stop(): Promise<void>;
}

const deadlineMs = 240_000;

/** Starts `children/<name>.ts`; `execPath` and `flags`: by another Node than this one. */
export function startChild(
  name: string,
  args: readonly string[] = [],
  { execPath = process.execPath, flags = [] }: { readonly execPath?: string; readonly flags?: readonly string[] } = {},
): Child {
  const child = fork(fileURLToPath(new URL(`children/${name}.ts`, import.meta.url)), args, {
    execPath,
    execArgv: [...flags, '--import', 'tsx', '--expose-gc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    async request<Reply>(message?: object): Promise<Reply> {
      const settled = new AbortController();
      const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(deadlineMs)]);
      const reply = once(child, 'message', { signal }) as Promise<[Reply]>;
      const gone = once(child, 'exit', { signal }).then(() => {
        throw new Error(`${name} exited`);
      });
      if (message) child.send(message);
      try {
        return (await Promise.race([reply, gone]))[0];
      } finally {
        settled.abort();
        await Promise.allSettled([reply, gone]);
      }
    },
    send: (message) => void child.send(message),
    async stop() {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      kill();
      await gone;
    },
  };
}
