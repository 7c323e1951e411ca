// The circuit breaker for placing calls: when it opens, for how long, and who is let through.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BreakerMessage,
  type CircuitBreaker,
  createCircuitBreaker,
} from '../../../src/proxy/calls/circuit-breaker.js';
import { dispatchLifeMs } from '../../../src/proxy/calls/dispatch-deadline.js';
import type { PlaceOutcome } from '../../../src/proxy/polyai/polyai.js';
import { acceptedOf, callRequest, freshNumber, problemOf, createFixture } from '../fixtures/app.js';
import { type ManualClock, manualClock } from '../store/fixtures/stores.js';

const accepted: PlaceOutcome = { kind: 'accepted', upstreamId: 'OUT-1' };
const unclear: PlaceOutcome = { kind: 'unknown', reason: 'timeout' };
const unsent: PlaceOutcome = { kind: 'not-sent', reason: 'refused' };

function made(): { breaker: CircuitBreaker; clock: ManualClock; one: (outcome: PlaceOutcome) => boolean } {
  const clock = manualClock();
  const breaker = createCircuitBreaker(clock, { tryAgainAt: () => undefined });
  return {
    breaker,
    clock,
    one(outcome) {
      const permit = breaker.admit();
      if (permit.allowed) permit.value.report(outcome);
      return permit.allowed;
    },
  };
}

const waits = (breaker: CircuitBreaker): number | undefined => {
  const permit = breaker.admit();
  if (!permit.allowed) return permit.problem.retryAfterSeconds;
  permit.value.release();
  return undefined;
};

test('five unclear results in a row open it for 30 seconds', () => {
  const { breaker, one } = made();
  for (let i = 0; i < 4; i += 1) one(unclear);
  assert.equal(waits(breaker), undefined);
  one(unclear);
  assert.equal(waits(breaker), 30);
});

test('a clear result in between resets the count, an unsent one does not', () => {
  const { breaker, one } = made();
  for (let i = 0; i < 4; i += 1) one(unclear);
  one(accepted);
  for (let i = 0; i < 4; i += 1) one(unclear);
  assert.equal(waits(breaker), undefined);
  one(unsent);
  one(unclear);
  assert.equal(waits(breaker), 30);
});

test('half-open lets one visitor through at a time', () => {
  const { breaker, clock, one } = made();
  for (let i = 0; i < 5; i += 1) one(unclear);
  clock.advance(30_000);
  const permit = breaker.admit();
  assert.ok(permit.allowed);
  assert.equal(waits(breaker), 30);
  permit.value.release();
  assert.ok(one(accepted), 'the unused permit was released');
  assert.ok(one(unclear) && one(unclear), 'it is closed again');
});

test('each failure doubles the pause, up to five minutes; success resets it', () => {
  const { breaker, clock, one } = made();
  for (let i = 0; i < 5; i += 1) one(unclear);
  const pauses = [];
  for (const outcome of [unclear, unsent, unclear, unclear, unclear]) {
    const wait = waits(breaker) ?? 0;
    pauses.push(wait);
    clock.advance(wait * 1_000);
    one(outcome);
  }
  assert.deepEqual(pauses, [30, 60, 120, 240, 300]);
  clock.advance(300_000);
  one(accepted);
  for (let i = 0; i < 5; i += 1) one(unclear);
  assert.equal(waits(breaker), 30);
});

test('calls in flight when it opened do not extend the pause', () => {
  const { breaker, clock } = made();
  const permits = Array.from({ length: 10 }, () => breaker.admit());
  for (const permit of permits) if (permit.allowed) permit.value.report(unclear);
  assert.equal(waits(breaker), 30);
  clock.advance(30_000);
  assert.equal(waits(breaker), undefined);
});

test('a permit issued before it opened is void afterward, the trial permit is not', () => {
  const { breaker, clock, one } = made();
  const early = breaker.admit();
  assert.ok(early.allowed && early.value.isValid());
  for (let i = 0; i < 5; i += 1) one(unclear);
  assert.equal(early.value.isValid(), false);
  clock.advance(30_000);
  const trial = breaker.admit();
  assert.ok(trial.allowed && trial.value.isValid());
  assert.equal(early.value.isValid(), false);
});

test('while it is open nothing is placed and nothing is consumed', async () => {
  const fixture = createFixture({
    env: {
      LIMIT_ALL_PER_DAY: '6',
      LIMIT_ALL_BURST: '100',
      LIMIT_ALL_PER_HOUR: '100',
      LIMIT_PREFIX_PER_HOUR: '100',
      LIMIT_PREFIX_PER_DAY: '100',
    },
  });
  fixture.answers = [unclear, unclear, unclear, unclear, unclear, accepted];
  for (let i = 0; i < 5; i += 1) await acceptedOf(await fixture.post(callRequest({ phone: freshNumber() })));
  for (let i = 0; i < 5; i += 1) {
    const response = await fixture.post(callRequest({ phone: freshNumber() }));
    assert.equal((await problemOf(response)).code, 'calls-paused');
    assert.equal(response.headers.get('retry-after'), '30');
  }
  fixture.clock.advance(30_000);
  await acceptedOf(await fixture.post(callRequest({ phone: freshNumber() })));
  assert.equal(fixture.triggers.length, 6);
});

test('a visitor refused by the store releases the half-open permit', async () => {
  const fixture = createFixture();
  fixture.answers = [unclear, unclear, unclear, unclear, unclear, accepted];
  for (let i = 0; i < 5; i += 1) await acceptedOf(await fixture.post(callRequest({ phone: freshNumber() })));
  fixture.clock.advance(30_000);
  const suppressed = freshNumber();
  await fixture.store.suppress(fixture.keyring.numberKeys(suppressed), 'operator');
  assert.equal((await problemOf(await fixture.post(callRequest({ phone: suppressed })))).code, 'try-later');
  await acceptedOf(await fixture.post(callRequest({ phone: freshNumber() })));
});

/** Breakers of several instances, each of which receives what the others send; `isLost` drops every message. */
function joined(count: number) {
  const clock = manualClock();
  const listeners: ((message: BreakerMessage) => void)[] = [];
  const connection = { isLost: false };
  const breakers = Array.from({ length: count }, (_, own) =>
    createCircuitBreaker(
      clock,
      { tryAgainAt: () => undefined },
      {
        send: (message) => {
          if (!connection.isLost) for (const [other, listen] of listeners.entries()) if (other !== own) listen(message);
        },
        onMessage: (listener) => void (listeners[own] = listener),
      },
    ),
  );
  const at = (index: number): CircuitBreaker => breakers[index % count] as CircuitBreaker;
  const one = (index: number, outcome: PlaceOutcome): void => {
    const permit = at(index).admit();
    assert.ok(permit.allowed, `instance ${String(index)} admits`);
    permit.value.report(outcome);
  };
  return { clock, connection, at, one };
}

test('five unclear results in a row, whichever instances see them, open the breakers of all', () => {
  const { at, one } = joined(3);
  for (let i = 0; i < 4; i += 1) one(i, unclear);
  one(1, accepted);
  for (let i = 0; i < 4; i += 1) one(i, unclear);
  for (const i of [0, 1, 2]) assert.equal(waits(at(i)), undefined, `instance ${String(i)} is closed`);
  one(1, unclear);
  for (const i of [0, 1, 2]) assert.equal(waits(at(i)), 30, `instance ${String(i)} is open`);
});

test('one call of all instances tests whether PolyAI has recovered, and all learn the result', () => {
  const { clock, at, one } = joined(3);
  for (let i = 0; i < 5; i += 1) one(i, unclear);
  clock.advance(30_000);
  const trial = at(0).admit();
  assert.ok(trial.allowed);
  assert.deepEqual([waits(at(1)), waits(at(2))], [30, 30], 'nobody else tries meanwhile');
  trial.value.report(unclear);
  for (const i of [0, 1, 2]) assert.equal(waits(at(i)), 60, 'a longer pause for all');
  clock.advance(60_000);
  const unused = at(1).admit();
  assert.ok(unused.allowed);
  unused.value.release();
  one(2, accepted);
  for (const i of [0, 1, 2]) assert.equal(waits(at(i)), undefined, 'closed for all');
});

test('an instance that dies while it tests PolyAI, and messages that are lost, block nobody', () => {
  const { clock, connection, at, one } = joined(2);
  for (let i = 0; i < 5; i += 1) one(i, unclear);
  clock.advance(30_000);
  assert.ok(at(0).admit().allowed);
  assert.equal(waits(at(1)), 30);
  clock.advance(dispatchLifeMs);
  assert.equal(waits(at(1)), undefined, 'the other call has ended, however it did');
  one(1, accepted);
  connection.isLost = true;
  for (let i = 0; i < 5; i += 1) one(1, unclear);
  assert.deepEqual([waits(at(0)), waits(at(1))], [undefined, 30], 'each counts by itself');
});
