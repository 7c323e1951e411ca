// Places calls in a store on a file, one after another, and reads them back: the CPU time of each, and what it took in all.

import { systemClock } from '../../../src/proxy/core/clock.js';
import { sqliteDriver } from '../../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { acceptedCall, consumptionOf, day, gcra, hour } from '../../proxy/store/fixtures/stores.js';

const [file = '', calls = '0'] = process.argv.slice(2);
const count = Number(calls);
const readsPerCall = 10;
const store = createSqliteStore({ file, clock: systemClock });

/** As many allowances as a call consumes by default. */
const consumptionsOf = (n: number) => [
  ...[gcra(3, hour), gcra(5, day)].map((rule) => consumptionOf('number', `number-${String(n)}`, rule)),
  ...[gcra(10_000, hour), gcra(20_000, day)].map((rule) => consumptionOf('address', `address-${String(n % 50)}`, rule)),
  ...[gcra(100_000, hour), gcra(100_000, day)].map((rule) => consumptionOf('all', 'all', rule)),
];

const ids: string[] = [];
async function place(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1)
    ids.push((await acceptedCall(store, systemClock.now(), { consumptions: consumptionsOf(n) })).id);
}

/** CPU time of all threads, microseconds, and wall time, milliseconds. */
async function measured(work: () => Promise<void>): Promise<{ readonly cpuUs: number; readonly wallMs: number }> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: user + system, wallMs: performance.now() - start };
}

// So that everything is compiled.
await place(0, 200);
for (const id of ids) await store.read(id);
const placing = await measured(() => place(200, 200 + count));
const reading = await measured(async () => {
  for (let n = 0; n < readsPerCall; n += 1) for (const id of ids.slice(-count)) await store.read(id);
});
await store.close();
process.send?.({
  driver: sqliteDriver().name,
  callUs: placing.cpuUs / count,
  callMs: placing.wallMs / count,
  readUs: reading.cpuUs / count / readsPerCall,
});
