// What an accepted call sends to a real PostgreSQL: statements, round trips, commits. Statements that are sent while an earlier one is
// unanswered share its round trip. Mutations that turn it red: one statement for each allowance; statements of one step sent one by one;
// the answer stored in a transaction of its own.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { openPostgresStore } from '../../../src/proxy/store/postgres/postgres-store.js';
import { startPostgres } from '../../fixtures/postgres-server.js';
import { typicalReservation } from './fixtures/stores.js';

const server = await startPostgres();
after(() => server.stop());

test('an accepted call sends at most 22 statements in 10 round trips to PostgreSQL, and commits twice', async (t) => {
  const url = await server.createDatabase();
  const { store } = await openPostgresStore({ url, clock: systemClock, poolSize: 1, timeoutMs: 30_000 });
  t.after(() => store.close());
  const { query } = pg.Client.prototype;
  t.after(() => void (pg.Client.prototype.query = query));
  await store.recall('key-that-connects-00000', 'f');
  const texts: string[] = [];
  let roundTrips = 0;
  let unanswered = 0;
  pg.Client.prototype.query = function counted(this: pg.Client, ...values: unknown[]) {
    texts.push(String(values[0]));
    if (unanswered === 0) roundTrips += 1;
    unanswered += 1;
    const result = Reflect.apply(query, this, values) as Promise<unknown>;
    const answer = (): void => void (unanswered -= 1);
    result.then(answer, answer);
    return result;
  } as typeof query;

  const now = Date.now();
  const request = typicalReservation(now);
  const answer = { idempotencyKey: request.idempotencyKey, of: () => ({ httpStatus: 202, body: '{}' }) };
  assert.equal((await store.recall(request.idempotencyKey, request.fingerprint)).kind, 'new');
  assert.equal((await store.reserve(request)).kind, 'reserved');
  const settlement = { kind: 'accepted', upstreamId: 'OUT-1', nextPollAt: now } as const;
  assert.equal((await store.settle(request.callId, settlement, answer)).stage, 'accepted');

  const commits = texts.filter((text) => text === 'COMMIT').length;
  const begins = texts.filter((text) => text.startsWith('BEGIN')).length;
  const statements = texts.length - commits - begins;
  if (process.env['SHOW'] !== undefined)
    process.stdout.write(`${JSON.stringify({ statements, roundTrips, commits })}\n`);
  assert.equal(commits, 2);
  assert.ok(roundTrips <= 10, `${String(roundTrips)} round trips`);
  assert.ok(statements <= 22, `${String(statements)} statements`);
});
