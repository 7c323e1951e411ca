// How many statements, round trips and commits an accepted call takes. On PostgreSQL each step is a round trip; beginning (with the lock) and
// committing are one each, and a reservation is first decided without the lock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { createHub } from '../../../src/proxy/store/hub.js';
import type { SqlDatabase, Transaction } from '../../../src/proxy/store/sql/database.js';
import type { Operation, Step } from '../../../src/proxy/store/sql/operation.js';
import { createSqlStore } from '../../../src/proxy/store/sql/sql-store.js';
import { openDatabase } from '../../../src/proxy/store/sqlite/database.js';
import { typicalReservation } from './fixtures/stores.js';

interface Counts {
  statements: number;
  steps: number;
  commits: number;
}

const isChange = (step: Step): boolean =>
  step === 'next-change' || [step].flat().some((one) => typeof one === 'object' && one.kind === 'run');

/** A database that counts. */
function counting(database: SqlDatabase, counts: Counts): SqlDatabase {
  function* counted<Result>(operation: Operation<Result>, looksFirst: boolean): Operation<Result> {
    let isLooking = looksFirst;
    for (let step = operation.next(); ; step = operation.next(yield step.value)) {
      if (step.done === true) return step.value;
      if (isChange(step.value)) isLooking = false;
      // PostgreSQL counts changes in a trigger.
      if (step.value === 'next-change') continue;
      // What is read before the first change is read once more, without the lock.
      const times = isLooking ? 2 : 1;
      counts.steps += times;
      counts.statements += 'kind' in step.value ? 1 : step.value.length;
    }
  }
  const write =
    (looksFirst: boolean) =>
    async <Result>(work: (transaction: Transaction) => Operation<Result>): Promise<Result> => {
      counts.commits += 1;
      counts.steps += 2;
      return database.write((transaction) => counted(work(transaction), looksFirst));
    };
  return {
    ...database,
    read: (work) => database.read((now) => counted(work(now), false)),
    write: write(false),
    writeAlone: (work, { canRefuse = false } = {}) => write(canRefuse)(work),
  };
}

test('an accepted call takes at most 16 statements, 10 round trips and 2 commits', async () => {
  const counts: Counts = { statements: 0, steps: 0, commits: 0 };
  const database = openDatabase({ file: ':memory:', now: () => systemClock.now(), after: () => {} });
  const store = createSqlStore({
    database: counting(database, counts),
    hub: createHub(
      () => {},
      () => {},
    ),
    clock: systemClock,
    random: () => new Uint8Array(16),
  });
  const now = systemClock.now();
  const request = typicalReservation(now);
  const answer = { idempotencyKey: request.idempotencyKey, of: () => ({ httpStatus: 202, body: '{}' }) };
  assert.equal((await store.recall(request.idempotencyKey, request.fingerprint)).kind, 'new');
  assert.equal((await store.reserve(request)).kind, 'reserved');
  const settled = await store.settle(
    request.callId,
    { kind: 'accepted', upstreamId: 'OUT-1', nextPollAt: now },
    answer,
  );
  assert.equal(settled.stage, 'accepted');
  database.close();
  assert.ok(counts.statements <= 16, `${String(counts.statements)} statements`);
  assert.ok(counts.steps <= 10, `${String(counts.steps)} round trips`);
  assert.equal(counts.commits, 2);
  if (process.env['SHOW'] !== undefined) process.stdout.write(`${JSON.stringify(counts)}\n`);
});
