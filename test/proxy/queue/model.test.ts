// The queue against its specification, with random visitors, ends of calls, opt-outs and pauses, on one instance and on two. Mutations that
// turn it red: in store/queue.ts, `one.order < order` or `!one.isPassedOver`; in sql/queue.ts, the check of those ahead in `startQueued`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longestWaitInQueueMs, limitsOf } from '../../../src/proxy/store/queue.js';
import { createQueuePlaces } from '../../../src/proxy/queue/places.js';
import { createQueueTurns, type QueueTurns } from '../../../src/proxy/queue/turns.js';
import type { SharedAllowances } from '../../../src/proxy/gates/rate-limit.js';
import { limitsFor } from '../../../src/proxy/gates/limits.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import type { Reservation } from '../../../src/proxy/store/store.js';
import { manualClock, minute, reservation, strict } from '../store/fixtures/stores.js';

const sites = ['https://a.example', 'https://b.example'] as const;
const countries = ['GB', 'US'] as const;
const most = { site: 1, all: 2, perCountry: 3, countryWindow: 10 * minute } as const;

type Command =
  | { readonly kind: 'call' | 'join' | 'join-suppressed'; readonly site: 0 | 1; readonly country: 0 | 1 }
  | { readonly kind: 'end' | 'leave'; readonly which: number }
  | { readonly kind: 'turn'; readonly instance: number }
  | { readonly kind: 'pass'; readonly minutes: number };

const bit = fc.constantFrom(0 as const, 1 as const);
const commands = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('call' as const, 'join' as const), site: bit, country: bit }),
    fc.record({ kind: fc.constantFrom('join' as const, 'join-suppressed' as const), site: bit, country: bit }),
    fc.record({ kind: fc.constantFrom('end' as const, 'end' as const, 'leave' as const), which: fc.nat(20) }),
    fc.record({ kind: fc.constant('turn' as const), instance: fc.nat(1) }),
    fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 12 }) }),
  ),
  { minLength: 10, maxLength: 50 },
);

interface Visitor {
  readonly id: string;
  readonly origin: string;
  readonly country: string;
  readonly limits: readonly string[];
  readonly joinedAt: number;
  readonly isSuppressed: boolean;
  isPassedOver: boolean;
}

/** What a call consumes of what everybody shares. */
const sharedOf = (origin: string, country: string): SharedAllowances => ({
  limits: limitsOf(origin, country, false),
  consumptions: [{ scope: 'country', key: country, rule: strict(most.perCountry, most.countryWindow) }],
  concurrencySlots: [
    { scope: 'site', key: origin, max: most.site },
    { scope: 'all', key: 'all', max: most.all },
  ],
});

/** The specification: what is running, who waits, and what follows from that. */
class Specification {
  running: Visitor[] = [];
  waiting: Visitor[] = [];
  hits: { readonly country: string; readonly at: number }[] = [];

  refused({ limits, origin, country }: Visitor, now: number): readonly string[] {
    const recent = this.hits.filter((hit) => hit.country === country && hit.at > now - most.countryWindow);
    return limits.filter(
      (limit) =>
        (limit.startsWith('country ') && recent.length >= most.perCountry) ||
        (limit.startsWith('site ') && this.running.filter((one) => one.origin === origin).length >= most.site) ||
        (limit.startsWith('all ') && this.running.length >= most.all),
    );
  }

  /** What each waiting call truly waits for now, in their order. */
  truth(
    now: number,
  ): readonly { readonly one: Visitor; readonly waitsFor: readonly string[]; readonly ahead: number }[] {
    const found: { one: Visitor; waitsFor: readonly string[]; ahead: number }[] = [];
    for (const one of this.waiting) {
      const before = found.filter(
        (other) => !other.one.isPassedOver && other.waitsFor.some((limit) => one.limits.includes(limit)),
      );
      const taken = new Set(before.flatMap(({ waitsFor }) => waitsFor));
      const refused = this.refused(one, now);
      const waitsFor = one.limits.filter((limit) => refused.includes(limit) || taken.has(limit));
      found.push({ one, waitsFor, ahead: before.length });
    }
    return found;
  }

  /** Nobody who waits is overtaken by this call, and it fits. */
  requirePlaceable(visitor: Visitor, before: readonly Visitor[], now: number): void {
    assert.deepEqual(this.refused(visitor, now), [], 'placed beyond a limit');
    const ahead = this.truth(now).filter(
      ({ one, waitsFor }) =>
        before.includes(one) && !one.isPassedOver && waitsFor.some((limit) => visitor.limits.includes(limit)),
    );
    assert.deepEqual(ahead, [], 'somebody was overtaken');
    this.running.push(visitor);
    this.hits.push({ country: visitor.country, at: now });
  }
}

async function check(list: readonly Command[]): Promise<void> {
  const clock = manualClock();
  const store = createSqliteStore({ file: ':memory:', clock });
  const places = createQueuePlaces({ store, clock, limits: limitsFor('shipped'), homeCountry: 'GB' });
  const specification = new Specification();
  const placed: string[] = [];
  const outcomes = new Map<string, 'placed' | 'left' | 'expired'>();
  const pass = { release() {}, report() {}, isValid: () => true };
  const turnsOf = (): QueueTurns =>
    createQueueTurns({
      store,
      placer: {
        admit: () => ({ allowed: true, value: pass }),
        hasRoom: () => true,
        place: async ({ call }) => {
          placed.push(call.id);
          return { kind: 'placed', call };
        },
      },
      keyring: { open: (sealed) => sealed, numberKeys: (text) => [`v1:${text}`] },
      number: () => ({ allowed: true, value: { e164: '', country: 'GB' } }),
      allowance: {
        forTurn: async ({ origin, country }) => sharedOf(origin, country),
        forNumber: ({ numberKeys: [key = ''] }) => ({
          consumptions: [],
          concurrencySlots: [{ scope: 'number', key, max: 1 }],
        }),
      },
      hours: { verdict: () => ({ open: true, zones: [] }) },
      places,
      clock,
      log: { info() {}, warn() {}, error: (_event, _fields, error) => assert.fail(String(error)) },
    });
  const instances = [turnsOf(), turnsOf()];

  /** Takes a turn, and compares what it placed, ended and shows with the specification. */
  const turn = async (index: number): Promise<void> => {
    const from = placed.length;
    instances[index]?.tick(true);
    await instances[index]?.idle();
    const now = clock.now();
    specification.waiting = specification.waiting.filter((one) => {
      const isOver = now - one.joinedAt >= longestWaitInQueueMs;
      if (isOver) outcomes.set(one.id, 'expired');
      return !isOver;
    });
    // Suppressed ones whose turn has come are passed over; so the order of what was placed decides when that was.
    for (const id of [...placed.slice(from), undefined]) {
      for (;;) {
        const next = specification.truth(now).find(({ one, waitsFor }) => !one.isPassedOver && waitsFor.length === 0);
        if (next === undefined || !next.one.isSuppressed) break;
        next.one.isPassedOver = true;
      }
      if (id === undefined) break;
      const visitor = specification.waiting.find((one) => one.id === id);
      assert.ok(visitor !== undefined, `${id} was not waiting`);
      assert.ok(!visitor.isSuppressed, 'a suppressed number was called');
      const before = specification.waiting.slice(0, specification.waiting.indexOf(visitor));
      specification.waiting = specification.waiting.filter((one) => one !== visitor);
      specification.requirePlaceable(visitor, before, now);
      outcomes.set(id, 'placed');
    }
    for (const { one, waitsFor, ahead } of specification.truth(now)) {
      assert.ok(one.isPassedOver || waitsFor.length > 0, 'somebody was left waiting without a reason');
      assert.equal(places.placeOf(one.id)?.position, ahead + 1, 'a position is not true');
    }
  };

  let made = 0;
  const request = async (kind: 'call' | 'join' | 'join-suppressed', site: number, nation: number): Promise<void> => {
    const [origin = '', country = ''] = [sites[site], countries[nation]];
    made += 1;
    const e164 = `+${String(made)}`;
    const shared = sharedOf(origin, country);
    const number = { number: { e164, country } };
    const reserving: Reservation = reservation(clock.now(), {
      origin,
      country,
      numberKeys: [`v1:${e164}`],
      ...shared,
      ...(kind !== 'call' && {
        queue: {
          sealedRequest: JSON.stringify(number),
          consumptions: [],
          concurrencySlots: [{ scope: 'queue-length', key: 'queue all', max: 12 }],
          answer: () => ({ httpStatus: 202, body: '{}' }),
        },
      }),
    });
    const isSuppressed = kind === 'join-suppressed';
    if (isSuppressed) await store.suppress([`v1:${e164}`], 'operator');
    const outcome = await store.reserve(reserving);
    const visitor = {
      id: reserving.callId,
      origin,
      country,
      limits: shared.limits,
      joinedAt: clock.now(),
      isSuppressed,
      isPassedOver: false,
    };
    if (outcome.kind === 'refused') {
      if (kind === 'join') assert.deepEqual(outcome.refusal, { kind: 'at-capacity', scope: 'queue-length' });
      if (isSuppressed && outcome.refusal.kind !== 'suppressed') assert.equal(specification.waiting.length > 0, true);
      return;
    }
    assert.equal(outcome.kind, 'reserved');
    if (outcome.kind !== 'reserved') return;
    assert.equal(outcome.call.isQueued === true, outcome.call.stage === 'scheduled');
    if (outcome.call.isQueued) specification.waiting.push(visitor);
    else {
      specification.requirePlaceable(visitor, specification.waiting, clock.now());
      outcomes.set(visitor.id, 'placed');
    }
  };

  for (const command of list) {
    switch (command.kind) {
      case 'call':
      case 'join':
      case 'join-suppressed':
        await request(command.kind, command.site, command.country);
        break;
      case 'end': {
        const { running } = specification;
        const ending = running[command.which % Math.max(1, running.length)];
        if (ending === undefined) break;
        specification.running = running.filter((one) => one !== ending);
        await store.append(ending.id, [{ status: 'completed', at: clock.now() }]);
        break;
      }
      case 'leave': {
        const { waiting } = specification;
        const leaving = waiting[command.which % Math.max(1, waiting.length)];
        if (leaving === undefined) break;
        specification.waiting = waiting.filter((one) => one !== leaving);
        assert.ok(await store.cancelScheduled(leaving.id, 'taken-back'), 'cannot leave');
        outcomes.set(leaving.id, 'left');
        break;
      }
      case 'turn':
        await turn(command.instance);
        break;
      case 'pass':
        clock.advance(command.minutes * minute);
        break;
    }
  }
  const joined = specification.waiting.map(({ id }) => id);
  clock.advance(longestWaitInQueueMs);
  await turn(0);
  assert.deepEqual(specification.waiting, [], 'somebody waits for more than 30 minutes');
  for (const id of joined) assert.ok(outcomes.has(id), 'an accepted call without an end');
  assert.deepEqual(await store.readQueue(), []);
  await store.close();
}

test('nobody is overtaken, everybody is called or leaves, or the wait ends after 30 minutes, and positions are correct', async () => {
  await fc.assert(fc.asyncProperty(commands, check), { numRuns: 60 });
});
