// CPU time and memory of other processes, as the kernel counts them: on a busy machine CPU time says more than a wall clock, and of
// memory only what belongs to the process alone is counted, not the program's file.

import { readdirSync, readFileSync } from 'node:fs';

/** CPU time that the processes have used in all their threads, microseconds; NaN where the kernel does not tell (not Linux). */
export function cpuMicroseconds(pids: readonly number[]): number {
  let nanoseconds = 0;
  for (const pid of pids) {
    const tasks = `/proc/${String(pid)}/task`;
    try {
      for (const task of readdirSync(tasks)) nanoseconds += nanosecondsOf(`${tasks}/${task}/schedstat`);
    } catch {
      return Number.NaN;
    }
  }
  return nanoseconds / 1_000;
}

function nanosecondsOf(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8').split(' ', 1)[0]);
  } catch {
    // The thread has just ended.
    return 0;
  }
}

/** Anonymous and shared memory of the processes, bytes; NaN where the kernel does not tell. */
export function memoryBytes(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    try {
      const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
      for (const [, value] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) kilobytes += Number(value);
    } catch {
      return Number.NaN;
    }
  }
  return kilobytes * 1_024;
}
