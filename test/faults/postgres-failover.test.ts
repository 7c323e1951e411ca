// PostgreSQL fails over: the primary is killed, its synchronous standby takes its place at the same address. What was acknowledged is
// there, the same key places no second call, and the store works again without a restart. And a slow database, which is only slow.
// Linux only: the standby is started like the primary, whose command line is read from /proc.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '../../src/proxy/core/clock.js';
import { openPostgresStore } from '../../src/proxy/store/postgres/postgres-store.js';
import { StoreUnavailable } from '../../src/proxy/store/store.js';
import { startStandby } from '../fixtures/postgres-standby.js';
import { startPostgres } from '../fixtures/postgres-server.js';
import { acceptedCall, reservation, reserved, withDeadline } from '../proxy/store/fixtures/stores.js';

const primary = await startPostgres();
after(() => primary.stop());

const works = async (ping: () => Promise<void>): Promise<void> => {
  while (
    !(await ping().then(
      () => true,
      () => false,
    ))
  )
    await sleep(50);
};

test('a database that is slow makes the store slow, and nothing else: the call is reserved once', async () => {
  const url = await primary.createDatabase();
  const { store } = await openPostgresStore({ url, clock: systemClock, poolSize: 4 });
  const blocker = new pg.Client({ connectionString: url });
  await blocker.connect();
  await blocker.query('BEGIN; LOCK TABLE polyai_callback.calls IN EXCLUSIVE MODE');
  const request = reservation(Date.now());
  const waiting = [store.reserve(request), store.reserve(request)];
  await sleep(300);
  await blocker.query('COMMIT');
  await blocker.end();
  const kinds = (await withDeadline(Promise.all(waiting))).map(({ kind }) => kind).sort();
  assert.deepEqual(kinds, ['in-progress', 'reserved']);
  await store.close();
});

const skip = platform() === 'linux' ? false : 'reads /proc';
test('the primary is killed and its standby takes over: nothing acknowledged is lost, and no key places a second call', {
  skip,
}, async (t) => {
  const url = await primary.createDatabase();
  const standby = await startStandby(primary);
  const { store } = await openPostgresStore({ url: standby.through(url), clock: systemClock, poolSize: 4 });
  t.after(async () => {
    await store.close();
    await standby.stop();
  });
  const request = reservation(Date.now());
  const placing = await reserved(store, request);
  const accepted = await acceptedCall(store, Date.now());
  primary.process.kill('SIGKILL');
  // Its own event does not keep this process alive.
  while (primary.process.signalCode === null) await sleep(20);
  await assert.rejects(store.ping(), StoreUnavailable);
  await assert.rejects(store.reserve(reservation(Date.now())), StoreUnavailable);
  await standby.failOver();
  await withDeadline(
    works(() => store.ping()),
    60_000,
  );
  assert.equal((await store.read(accepted.id))?.stage, 'accepted');
  assert.equal((await store.read(placing.id))?.stage, 'dispatching');
  assert.equal((await store.reserve(request)).kind, 'in-progress');
  await store.settle(placing.id, { kind: 'accepted', upstreamId: 'OUT-1', nextPollAt: Date.now() });
  const due = await withDeadline(
    (async () => {
      for (;;) {
        const leased = await store.claimDue(10, 3_000);
        if (leased.some(({ call }) => call.id === placing.id)) return leased;
        await sleep(50);
      }
    })(),
  );
  assert.ok(due.length > 0, 'calls are polled again');
});
