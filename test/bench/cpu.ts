// CPU time of another process, as the kernel counts it: on a busy machine it says more than a wall clock.

import { readdirSync, readFileSync } from 'node:fs';

/** CPU time that a process has used in all its threads, microseconds; NaN where the kernel does not tell (not Linux). */
export function cpuMicroseconds(pid: number): number {
  const tasks = `/proc/${String(pid)}/task`;
  try {
    let nanoseconds = 0;
    for (const task of readdirSync(tasks)) {
      try {
        nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ', 1)[0]);
      } catch {
        // The thread has just ended.
      }
    }
    return nanoseconds / 1_000;
  } catch {
    return Number.NaN;
  }
}
