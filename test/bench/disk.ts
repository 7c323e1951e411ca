// What this disk takes for the least that a commit needs.

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

/** A file whose page is written and flushed. */
export interface Disk {
  flush(): void;
  close(): void;
}

/** Opens it. */
export function createDisk(path: string): Disk {
  const handle = openSync(path, 'w');
  const page = Buffer.alloc(4_096, 1);
  return {
    flush: () => {
      writeSync(handle, page);
      fdatasyncSync(handle);
    },
    close: () => closeSync(handle),
  };
}

/** The time of each of so many flushes, milliseconds. */
export function flushesMs(path: string, count: number): number[] {
  const disk = createDisk(path);
  const times = Array.from({ length: count }, () => {
    const start = performance.now();
    disk.flush();
    return performance.now() - start;
  });
  disk.close();
  return times;
}
