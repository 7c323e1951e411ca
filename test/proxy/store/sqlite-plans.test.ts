// Every statement of the store finds its rows through an index: nothing slows down as tables grow. The statements are collected while every
// verb is called, and compared with those in the source, so that no new one can be missed.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import type { Store } from '../../../src/proxy/store/store.js';
import { subscriptions } from './conformance/outbox.js';
import { inFolder } from './fixtures/children.js';
import { follow } from './fixtures/follow.js';
import {
  acceptedCall,
  consume,
  consumptionOf,
  manualClock,
  day,
  gcra,
  hour,
  reservation,
  reserved,
} from './fixtures/stores.js';
import { watchStatements } from './fixtures/watch-statements.js';

const folders = ['sql', 'sqlite'].map((name) => join(import.meta.dirname, '../../../src/proxy/store', name));
/** Full scans on purpose: the schema, the check of a possibly damaged file, and the command line's list of every call. */
const wholeReads = ['schema.ts', 'integrity.ts', 'call-archive.ts'];

/** Verbs that belong to the hub. */
const withoutStatements = ['close', 'subscribe', 'unsubscribe'];

/** Calls every verb, in each case that has its own statements. */
async function callEveryVerb(store: Store, clock: ReturnType<typeof manualClock>): Promise<void> {
  const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };
  const request = reservation(clock.now(), {
    numberKeys: ['v2:n', 'v1:n'],
    challenge: { id: 'c', expiresAt: clock.now() + hour },
    consumptions: [{ ...consumptionOf('number', 'perDay:v2:n', gcra(1_000, day)), aliases: ['perDay:v1:n'] }],
    concurrencySlots: [{ scope: 'number', key: 'v2:n', aliases: ['v1:n'], max: 9 }],
    answer: () => ({ httpStatus: 202, body: '{}' }),
  });
  await consume(store, clock.now(), [consumptionOf('number', 'perDay:v1:n', gcra(1_000, day))]);
  await reserved(store, request);
  await store.recall(request.idempotencyKey, request.fingerprint);
  const answer = { idempotencyKey: request.idempotencyKey, of: () => ({ httpStatus: 202, body: '{}' }) };
  await store.settle(request.callId, { kind: 'unknown', coolDownUntil: clock.now() }, answer);
  const call = await acceptedCall(store, clock.now(), {
    numberKeys: ['v1:n'],
    concurrencySlots: [{ scope: 'number', key: 'v1:n', max: 9 }],
    consumptions: [{ scope: 'distinct-numbers', key: 'a', rule: gcra(1_000, day), member: 'v1:n' }],
  });
  await store.append(call.id, [{ status: 'ringing', at: clock.now() }]);
  for await (const state of follow(store, call.id, 0)) {
    if (state.history.length > 0) break;
  }
  const due = (await store.claimDue(5, hour)).find((one) => one.call.id === call.id);
  const next = { dueAt: clock.now(), failures: 0 };
  await store.renewLeases(new Map([[call.id, due?.lease ?? '']]), hour);
  await store.postpone(call.id, due?.lease ?? '', next);
  await store.recordPolls([{ callId: call.id, lease: '', items: [], next }]);
  await store.nextDue();
  await store.recentCalls(5);
  const redial = { callId: 'second', afterMs: 1, until: clock.now() + hour, zone: 'UTC', sealedRequest: 's' };
  const missed = await reserved(store, reservation(clock.now(), { redial }));
  await store.append(missed.id, [{ status: 'no-answer', at: clock.now() }]);
  await store.redialNow(redial.callId);
  const awaited = { ...redial, callId: 'after-voicemail', reportWaitMs: 0 };
  const completed = await reserved(store, reservation(clock.now(), { redial: awaited }));
  await store.append(completed.id, [{ status: 'completed', at: clock.now() }]);
  clock.advance(1);
  await store.expireRedials();
  const reached = await reserved(store, reservation(clock.now(), { redial: { ...awaited, callId: 'of-reached' } }));
  await store.countSlots('site', 'v1:');
  const scheduled = { slot, dueAt: clock.now(), sealedRequest: 's' };
  for (const start of [true, false]) {
    const later = reservation(clock.now(), { scheduled, consumptions: request.consumptions, numberKeys: ['v2:m'] });
    await reserved(store, later);
    const due = await store.claimDue(50, hour);
    const second = due.find((one) => one.call.id === redial.callId);
    if (second !== undefined) await store.startScheduled(redial.callId, second.lease, later);
    const lease = due.find((one) => one.call.id === later.callId);
    if (start)
      await store.startScheduled(later.callId, lease?.lease ?? '', {
        ...later,
        redial: { ...redial, callId: 'after-callback' },
      });
    else await store.cancelScheduled(later.callId, 'slot-missed');
  }
  await reserved(store, reservation(clock.now(), { numberKeys: ['v1:s'], scheduled }));
  await store.suppress(['v1:s'], 'webhook', { id: 'w', expiresAt: clock.now() });
  const outcome = { answeredBy: 'person', disposition: 'other', sealedText: 's', doNotCall: true } as const;
  await store.recordOutcome({ ...outcome, callId: call.id, message: { id: 'o', expiresAt: clock.now() } });
  await store.recordOutcome({ ...outcome, upstreamId: `OUT-${call.id}` });
  await store.recordOutcome({ ...outcome, callId: reached.id });
  const [delivery, second] = await store.claimDeliveries(50, hour);
  assert.ok(delivery && second, 'two messages');
  await store.nextDeliveryAt();
  await store.recordDelivery(delivery, { kind: 'failed', error: 'x', dueAt: clock.now() });
  await store.recordDelivery(second, { kind: 'dead', error: 'x' });
  await store.recordDelivery(second, { kind: 'delivered' });
  for (const filter of [{}, { endpoint: 'all' }, { id: 'x' }, { endpoint: 'all', id: 'x' }]) {
    await store.deadLetters(filter, 1);
    await store.replayDeadLetters(filter);
  }
  await store.unreachable(['v3']);
  await store.exportNumber(['v1:n']);
  await store.eraseNumber(['v1:n']);
  await store.unsuppress(['v1:s']);
  await store.read(call.id);
  await store.readDetails(call.id);
  await store.optOut({
    numberKeys: ['v1:o'],
    until: clock.now(),
    challenge: { id: 'oc', expiresAt: clock.now() },
    consumptions: [],
    confirmedBy: call.id,
  });
  await callQueueVerbs(store, clock);
  await store.listCalls({ from: 0, until: clock.now(), limit: 10 });
  await store.usage(request.consumptions);
  await store.deleteExpired();
  await store.ping();
  clock.advance(1_000);
}

/** Two calls wait for one that runs; the limits of the first one change. */
async function callQueueVerbs(store: Store, clock: ReturnType<typeof manualClock>): Promise<void> {
  const concurrencySlots = [{ scope: 'site', key: 'queue.example', max: 1 }] as const;
  const limits = ['site queue.example', 'all all'];
  const running = await reserved(store, reservation(clock.now(), { concurrencySlots, numberKeys: ['v2:q1'], limits }));
  const queue = { sealedRequest: 's', consumptions: [], concurrencySlots: [], answer: () => answer };
  const waiting = ['v2:q2', 'v2:q3'].map((key) =>
    reservation(clock.now(), { concurrencySlots, numberKeys: [key], limits, queue }),
  );
  for (const request of waiting) await reserved(store, request);
  const checks = (max: number, also: string) =>
    new Map(
      waiting.map(({ callId }) => [
        callId,
        { limits: [...limits, also], consumptions: [], concurrencySlots: [{ scope: 'all', key: also, max }] as const },
      ]),
    );
  await store.readQueue();
  await store.wouldAdmit([{ consumptions: [], concurrencySlots }]);
  await store.reviewQueue(checks(0, 'all x'), false);
  await store.append(running.id, [{ status: 'completed', at: clock.now() }]);
  const { next } = await store.reviewQueue(checks(1, 'all x'), true);
  assert.ok(next !== undefined, 'nobody’s turn');
  const [check] = checks(1, 'all x').values();
  const start = { ...check, limits, consumptions: [], concurrencySlots, numberKeys: [], dispatchDeadline: clock.now() };
  assert.equal(await store.startQueued(next.call.id, start), undefined);
  await store.passOver(waiting[1]?.callId ?? '');
}

const answer = { httpStatus: 202, body: '{}' };

/** Another process's view: its changes are read by the first one. */
async function followAcross(store: Store, other: Store, clock: ReturnType<typeof manualClock>): Promise<void> {
  const numberKeys = ['v1:followed'];
  const call = await acceptedCall(store, clock.now(), { numberKeys });
  const reader = follow(store, call.id, 1);
  const pass = async (): Promise<void> => {
    for (let n = 0; n < 3; n += 1) {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const changed = reader.next();
  await other.append(call.id, [{ status: 'ringing', at: clock.now() }]);
  await pass();
  await changed;
  const ended = reader.next();
  await other.eraseNumber(numberKeys);
  await pass();
  await ended;
}

inFolder('no statement scans a table, and none is left out of this test', async (folder) => {
  const seen = new Set<string>();
  const unwatch = watchStatements({ prepared: (sql) => void seen.add(sql) });
  const file = join(folder, 'calls.db');
  const clock = manualClock();
  const used = new Set<string | symbol>();
  // The last process to close has a statement of its own.
  await createSqliteStore({ file: join(folder, 'alone.db'), clock }).close();
  const store = createSqliteStore({ file, clock, subscriptions });
  const other = createSqliteStore({ file, clock });
  try {
    const watched = new Proxy(store, {
      get: (target, name) => {
        used.add(name);
        return Reflect.get(target, name) as unknown;
      },
    });
    await callEveryVerb(watched, clock);
    await followAcross(store, other, clock);
  } finally {
    await store.close();
    await other.close();
    unwatch();
  }
  assert.deepEqual(
    Object.keys(store).filter((verb) => !used.has(verb) && !withoutStatements.includes(verb)),
    [],
    'a verb was not called',
  );

  const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const statements = [...seen].map(tidy);
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const sources = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  for (const name of sources.filter((one) => !wholeReads.includes(basename(one)))) {
    const text = readFileSync(name, 'utf8');
    for (const [, , literal = ''] of text.matchAll(/(['`])((?:SELECT|INSERT|UPDATE|DELETE|WITH)\s[\s\S]*?)\1/g)) {
      const pattern = tidy(literal)
        .split(/\$\{[^}]*\}/)
        .map(escaped)
        .join('.*');
      assert.ok(
        statements.some((statement) => new RegExp(`^${pattern}$`).test(statement)),
        `${name}: never prepared here: ${tidy(literal)}`,
      );
    }
  }

  const db = openConnection(file);
  const scans = statements
    .filter((statement) => /^(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(statement))
    // See `wholeReads`; the counters are four rows.
    .filter((statement) => !/^SELECT hex\(|sqlite_master|FROM meta\b|UPDATE meta\b|UPDATE ping\b/.test(statement))
    .filter((statement) => statement !== `SELECT * FROM calls WHERE stage <> 'ended'`)
    .flatMap((statement) => {
      const values = Array.from({ length: statement.split('?').length - 1 }, () => 1);
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(values) as { detail: string }[];
      const walks = plan.filter(
        ({ detail }) => /^SCAN /.test(detail) && !/CONSTANT ROW|^SCAN (?:w|wanted)$/.test(detail),
      );
      return walks.map(({ detail }) => `${detail}: ${statement}`);
    });
  db.close();
  assert.deepEqual(scans, []);
  assert.ok(statements.length > 60, `only ${String(statements.length)} statements were collected`);
});
