// A program of the bench in a process of its own: nobody's event loop is measured together with another's.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A running child. Messages are JSON; every wait has a deadline. */
export interface Child {
  /** Sends a message, if any, and waits for the next one. */
  ask<Answer>(message?: object): Promise<Answer>;
  stop(): Promise<void>;
}

const deadlineMs = 60_000;

/** Starts `children/<name>.ts`. */
export function startChild(name: string, args: readonly string[] = []): Child {
  const child = fork(fileURLToPath(new URL(`children/${name}.ts`, import.meta.url)), args, {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    async ask<Answer>(message?: object): Promise<Answer> {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(deadlineMs) });
      if (message) child.send(message);
      return ((await answer) as [Answer])[0];
    },
    async stop() {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      kill();
      await gone;
    },
  };
}
