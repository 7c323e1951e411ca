// Opens a database and runs the retention job beside a clock that notices how long the event loop was held up.

import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { systemClock } from '../../../src/proxy/core/clock.js';

const [file = ''] = process.argv.slice(2);
const store = createSqliteStore({ file, clock: systemClock });
// Its first checkpoint is not what is measured.
await new Promise((resolve) => setTimeout(resolve, 1_000));

/** Every gap between two turns of the event loop, milliseconds. */
const gaps: number[] = [];
let isRunning = true;
let last = performance.now();
const turn = (): void => {
  const now = performance.now();
  gaps.push(now - last);
  last = now;
  if (isRunning) setImmediate(turn);
};
setImmediate(turn);
const start = performance.now();
const cpuStart = process.cpuUsage();
await store.deleteExpired();
const cpu = process.cpuUsage(cpuStart);
const tookMs = performance.now() - start;
isRunning = false;
gaps.sort((a, b) => b - a);
// Percentiles of all turns would mostly count empty ones: those that did something took a millisecond at least.
const busy = gaps.filter((gap) => gap >= 1);
await store.close();
process.send?.({
  tookMs,
  // CPU time of the whole process, including the event-loop turns in between.
  cpuMs: (cpu.user + cpu.system) / 1_000,
  slices: busy.length,
  p50: busy[Math.floor(busy.length / 2)] ?? 0,
  p99: busy[Math.floor(busy.length / 100)] ?? 0,
  worst: gaps[0] ?? 0,
});
