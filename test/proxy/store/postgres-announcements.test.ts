// What processes that share a PostgreSQL database tell each other without storing it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { openPostgresStore } from '../../../src/proxy/store/postgres/postgres-store.js';
import { startPostgres } from '../../fixtures/postgres-server.js';

test('an announcement reaches every other process, also after the connections were lost', async (t) => {
  const server = await startPostgres();
  const url = await server.createDatabase();
  const faults: unknown[] = [];
  const open = () => openPostgresStore({ url, clock: systemClock, onFault: (error) => faults.push(error) });
  const processes = await Promise.all([open(), open(), open()]);
  t.after(async () => {
    for (const { store } of processes) await store.close();
  });
  const heard: string[][] = [[], [], []];
  for (const [index, { announcements }] of processes.entries())
    announcements.onAnnouncement((message) => heard[index]?.push(message));

  processes[0]?.announcements.announce('one two');
  processes[1]?.announcements.announce('three');
  while (heard.flat().length < 4) await sleep(10);
  assert.deepEqual(
    heard.map((messages) => [...messages].sort()),
    [['three'], ['one two'], ['one two', 'three']],
    'to all others, not to the sender',
  );

  await server.query(
    url,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'polyai-callback'",
  );
  while (faults.length === 0) await sleep(10);
  // It may be lost until all of them listen again: repeated until it arrives.
  while (!(heard[1]?.includes('again') === true && heard[2]?.includes('again') === true)) {
    processes[0]?.announcements.announce('again');
    await sleep(50);
  }
  assert.ok(!(heard[0]?.includes('again') ?? true));
});
