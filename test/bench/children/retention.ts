// Opens a database and runs the retention job beside a clock that notices how long the event loop was held up, then and by the
// checkpoints afterwards.

import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { systemClock } from '../../../src/proxy/core/clock.js';

const [file = ''] = process.argv.slice(2);
const store = createSqliteStore({ file, clock: systemClock });
// Its first checkpoint is not what is measured.
await new Promise((resolve) => setTimeout(resolve, 1_000));

/** How long turns of the event loop took that did something: a millisecond at least. Percentiles of all turns would mostly count empty ones. */
const busy: number[] = [];
let isRunning = true;
let last = performance.now();
const turn = (): void => {
  const now = performance.now();
  if (now - last >= 1) busy.push(now - last);
  last = now;
  if (isRunning) setImmediate(turn);
};
setImmediate(turn);
const start = performance.now();
const cpuStart = process.cpuUsage();
await store.deleteExpired();
const cpu = process.cpuUsage(cpuStart);
const tookMs = performance.now() - start;
const slices = busy.splice(0).sort((a, b) => b - a);
// Checkpoints run when nothing has been written for a moment.
await new Promise((resolve) => setTimeout(resolve, 2_000));
isRunning = false;
await store.close();
process.send?.({
  tookMs,
  // CPU time of the whole process, including the event-loop turns in between.
  cpuMs: (cpu.user + cpu.system) / 1_000,
  slices: slices.length,
  p50: slices[Math.floor(slices.length / 2)] ?? 0,
  p99: slices[Math.floor(slices.length / 100)] ?? 0,
  worst: slices[0] ?? 0,
  afterwards: Math.max(0, ...busy),
});
