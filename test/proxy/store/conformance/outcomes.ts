// Agents' reports on calls, as every store must keep them.

import assert from 'node:assert/strict';
import type { OutcomeToRecord, Store, StoredCall } from '../../../../src/proxy/store/store.js';
import { seqOf } from '../../../../src/proxy/store/sequence.js';
import { acceptedCall, day, hour, type ManualClock, minute, reservation, reserved } from '../fixtures/stores.js';
import type { StoreTest } from './store.js';

const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };
const reportOf = (over: Partial<OutcomeToRecord>): OutcomeToRecord => ({
  answeredBy: 'voicemail',
  disposition: 'message-left',
  sealedText: 'sealed',
  doNotCall: false,
  ...over,
});

/** Places a call that may be tried once more, as `second-` and its name, and returns its id. */
const planner =
  ({ store, clock }: { readonly store: Store; readonly clock: ManualClock }) =>
  async (name: string): Promise<string> => {
    const redial = {
      callId: `second-${name}`,
      afterMs: minute,
      until: clock.now() + hour,
      zone: 'UTC',
      reportWaitMs: 2 * minute,
      sealedRequest: 'sealed',
    };
    return (await acceptedCall(store, clock.now(), { redial, numberKeys: [`v1:${name}`] })).id;
  };

export function outcomeConformance(storeTest: StoreTest): void {
  storeTest('a report is kept with its call, and the newest replaces the others', async ({ store, clock }) => {
    const { id: callId } = await acceptedCall(store, clock.now());
    const first = await store.recordOutcome(reportOf({ callId }));
    const expected = { answeredBy: 'voicemail', disposition: 'message-left', sealedText: 'sealed' };
    assert.deepEqual(first.kind === 'recorded' && first.call.outcome, {
      ...expected,
      reportedAt: clock.now(),
      revision: 1,
    });
    await store.recordOutcome(reportOf({ callId, disposition: 'no-message', sealedText: 'newer' }));
    const { outcome } = (await store.read(callId)) ?? {};
    assert.equal(outcome?.sealedText, 'newer');
    assert.equal(outcome?.revision, 2);
  });

  storeTest('the calls that changed last are read newest first', async ({ store, clock }) => {
    const one = await acceptedCall(store, clock.now());
    const two = await acceptedCall(store, clock.now());
    const three = await acceptedCall(store, clock.now());
    await store.append(one.id, [{ status: 'ringing', at: clock.now() }]);
    const recent = await store.recentCalls(2);
    assert.deepEqual(
      recent.map(({ id, status }) => [id, status]),
      [
        [one.id, 'ringing'],
        [three.id, 'requested'],
      ],
    );
    assert.equal((await store.recentCalls(9)).at(-1)?.id, two.id);
  });

  storeTest('a missed call leaves exactly one second attempt, which is due at its time', async ({ store, clock }) => {
    const plan = {
      callId: 'second',
      afterMs: 60_000,
      until: clock.now() + 120_000,
      zone: 'UTC',
      sealedRequest: 'sealed',
    };
    const call = await acceptedCall(store, clock.now(), { redial: plan });
    assert.equal(
      (await store.readDetails(call.id))?.sealedRequest,
      'sealed',
      'with the first call as long as it is planned',
    );
    const items = [{ status: 'no-answer' as const, at: clock.now() }];
    const ended = await store.recordPolls([{ callId: call.id, lease: '', items }]);
    await store.recordPolls([{ callId: call.id, lease: '', items }]);
    const at = new Date(clock.now() + 60_000).toISOString();
    assert.deepEqual(ended[0]?.redial, { callId: 'second', at });
    const second = await store.read('second');
    assert.deepEqual([second?.status, second?.redialAfter, second?.scheduledFor?.at], ['scheduled', 'no-answer', at]);
    assert.equal((await store.nextDue()).at, Date.parse(at));
    clock.advance(60_000);
    const [due] = await store.claimDue(5, 1_000);
    assert.deepEqual([due?.call.id, due?.why, due?.sealedRequest], ['second', 'place', 'sealed']);
  });

  storeTest('a second attempt is not made too late, nor after a number was allowed again', async ({ store, clock }) => {
    const plan = (callId: string) => ({
      callId,
      afterMs: 60_000,
      until: clock.now() + 60_000,
      zone: 'UTC',
      sealedRequest: 's',
    });
    const late = await acceptedCall(store, clock.now(), { redial: plan('late') });
    const free = await acceptedCall(store, clock.now(), { redial: plan('free'), numberKeys: ['v1:free'] });
    await store.suppress(['v1:free'], 'operator');
    await store.unsuppress(['v1:free']);
    await store.append(free.id, [{ status: 'busy', at: clock.now() }]);
    clock.advance(1);
    await store.append(late.id, [{ status: 'busy', at: clock.now() }]);
    assert.deepEqual([await store.read('late'), await store.read('free')], [undefined, undefined]);
  });

  storeTest('a second attempt can be made due now, once, and nothing else can', async ({ store, clock }) => {
    const plan = {
      callId: 'second',
      afterMs: 60_000,
      until: clock.now() + hour,
      zone: 'Europe/London',
      sealedRequest: 's',
    };
    const call = await acceptedCall(store, clock.now(), { redial: plan });
    await store.append(call.id, [{ status: 'busy', at: clock.now() }]);
    clock.advance(10_000);
    const first = await store.redialNow('second');
    clock.advance(10_000);
    const again = await store.redialNow('second');
    assert.deepEqual(again?.scheduledFor, first?.scheduledFor);
    assert.equal(first?.scheduledFor?.at, new Date(clock.now() - 10_000).toISOString());
    const scheduled = { slot, dueAt: clock.now() + day, sealedRequest: 's' };
    const callback = await reserved(store, reservation(clock.now(), { scheduled }));
    for (const id of [callback.id, call.id, 'nobody']) assert.equal(await store.redialNow(id), undefined);
  });

  storeTest(
    'a call that was answered is not tried again, whatever it is said to be afterwards',
    async ({ store, clock }) => {
      const planned = async (callId: string): Promise<string> => {
        const redial = { callId, afterMs: 60_000, until: clock.now() + hour, zone: 'UTC', sealedRequest: 's' };
        return (await acceptedCall(store, clock.now(), { redial, numberKeys: [`v1:${callId}`] })).id;
      };
      const talked = await planned('talked');
      await store.append(talked, [{ status: 'in-progress', at: clock.now() }]);
      await store.append(talked, [{ status: 'no-answer', at: clock.now() }]);
      const atOnce = await planned('at-once');
      const items = (['in-progress', 'busy'] as const).map((status) => ({ status, at: clock.now() }));
      await store.append(atOnce, items);
      const reported = await planned('reported');
      await store.recordOutcome(reportOf({ callId: reported, answeredBy: 'person', disposition: 'resolved' }));
      await store.append(reported, [{ status: 'no-answer', at: clock.now() }]);
      for (const id of ['talked', 'at-once', 'reported']) assert.equal(await store.read(id), undefined, id);
    },
  );

  storeTest(
    'a reported voicemail is followed by exactly one second attempt, while its number is kept',
    async (stores) => {
      const { store, clock } = stores;
      const planned = planner(stores);
      const voicemail = await planned('voicemail');
      const early = await planned('early');
      await store.recordOutcome(reportOf({ callId: early, disposition: 'no-message' }));
      assert.equal(await store.read('second-early'), undefined, 'while the call is under way');
      for (const id of [voicemail, early]) await store.append(id, [{ status: 'completed', at: clock.now() }]);
      assert.equal(await store.read('second-voicemail'), undefined, 'before the report');
      clock.advance(1_000);
      const recorded = await store.recordOutcome(reportOf({ callId: voicemail }));
      const at = new Date(clock.now() + 60_000).toISOString();
      assert.deepEqual(recorded.kind === 'recorded' && recorded.call.redial, { callId: 'second-voicemail', at });
      await store.recordOutcome(reportOf({ callId: voicemail }));
      assert.deepEqual((await store.read(voicemail))?.redial, { callId: 'second-voicemail', at });
      const [one, two] = [await store.read('second-voicemail'), await store.read('second-early')];
      assert.deepEqual([one?.redialAfter, one?.redialOf], ['message-left', voicemail]);
      assert.deepEqual([two?.redialAfter, two?.redialOf], ['voicemail', early]);
      clock.advance(60_000);
      const due = await store.claimDue(5, 1_000);
      const found = new Map(due.map(({ call, sealedRequest }) => [call.id, sealedRequest]));
      assert.deepEqual(
        [...found].sort(([a], [b]) => a.localeCompare(b)),
        [
          ['second-early', 'sealed'],
          ['second-voicemail', 'sealed'],
        ],
      );
    },
  );

  storeTest(
    'nothing is tried again after a report of anything but a voicemail that nobody talked to',
    async (stores) => {
      const { store, clock } = stores;
      const planned = planner(stores);
      const reports = {
        person: { answeredBy: 'person' },
        talked: { disposition: 'resolved' },
        refused: { doNotCall: true },
        corrected: { answeredBy: 'person', disposition: 'no-conversation' },
      } as const;
      for (const [name, report] of Object.entries(reports)) {
        const callId = await planned(name);
        const before = await planned(`${name}-before`);
        await store.append(callId, [{ status: 'completed', at: clock.now() }]);
        for (const id of [callId, before]) await store.recordOutcome(reportOf({ ...report, callId: id }));
        await store.append(before, [{ status: 'completed', at: clock.now() }]);
        // Too late to take it back.
        for (const id of [callId, before]) await store.recordOutcome(reportOf({ callId: id }));
        for (const of of [name, `${name}-before`]) assert.equal(await store.read(`second-${of}`), undefined, of);
      }
    },
  );

  storeTest('a report after `unknown`, too late, or on a second attempt is followed by nothing', async (stores) => {
    const { store, clock } = stores;
    const planned = planner(stores);
    const unknown = await planned('unknown');
    await store.append(unknown, [{ status: 'unknown', at: clock.now() }]);
    const late = await planned('late');
    await store.append(late, [{ status: 'completed', at: clock.now() }]);
    const first = await planned('first');
    await store.append(first, [{ status: 'no-answer', at: clock.now() }]);
    await store.append('second-first', [
      { status: 'requested', at: clock.now() },
      { status: 'completed', at: clock.now() },
    ]);
    clock.advance(120_001);
    for (const callId of [unknown, late, 'second-first']) await store.recordOutcome(reportOf({ callId }));
    for (const id of [unknown, late, 'second-first']) assert.equal((await store.read(id))?.redial, undefined, id);
  });

  storeTest('a number is kept for the report only until then, an opt-out or an erasure', async (stores) => {
    const { store, clock } = stores;
    const planned = planner(stores);
    const ids = new Map<string, string>();
    for (const name of ['expired', 'opted-out', 'suppressed', 'erased']) {
      const callId = await planned(name);
      await store.append(callId, [{ status: 'completed', at: clock.now() }]);
      ids.set(name, callId);
    }
    await store.optOut({ numberKeys: ['v1:opted-out'], until: clock.now() + day, consumptions: [] });
    await store.suppress(['v1:suppressed'], 'webhook');
    await store.eraseNumber(['v1:erased']);
    for (const name of ['opted-out', 'suppressed', 'erased'])
      await store.recordOutcome(reportOf({ callId: ids.get(name) ?? '' }));
    await store.expireRedials();
    const kept = await planned('kept');
    await store.append(kept, [{ status: 'completed', at: clock.now() }]);
    ids.set('kept', kept);
    clock.advance(119_999);
    await store.expireRedials();
    await store.recordOutcome(reportOf({ callId: kept }));
    clock.advance(2);
    await store.expireRedials();
    // Even a clock that was set back finds nothing.
    clock.jump(-60_000);
    for (const callId of ids.values()) await store.recordOutcome(reportOf({ callId }));
    const found = await Promise.all(
      [...ids.keys()].map(async (name) => [name, (await store.read(`second-${name}`))?.id]),
    );
    assert.deepEqual(
      found.flatMap(([name, id]) => (id === undefined ? [] : [name])),
      ['kept'],
    );
  });

  storeTest('a clock that was set back does not keep a number', async (stores) => {
    const { store, clock } = stores;
    const callId = await planner(stores)('first');
    await store.append(callId, [{ status: 'completed', at: clock.now() }]);
    clock.jump(-hour);
    await store.expireRedials();
    await store.recordOutcome(reportOf({ callId }));
    assert.equal(await store.read('second-first'), undefined);
  });

  storeTest('a second attempt is not placed hours later because the clock was set back', async (stores) => {
    const { store, clock } = stores;
    const callId = await planner(stores)('first');
    await store.append(callId, [{ status: 'no-answer', at: clock.now() }]);
    clock.jump(-9 * 60_000);
    await store.expireRedials();
    assert.equal((await store.read('second-first'))?.status, 'scheduled', 'a small correction');
    clock.jump(-3 * hour);
    await store.expireRedials();
    const second = await store.read('second-first');
    assert.deepEqual([second?.status, second?.endedBecause], ['failed', 'slot-missed']);
    clock.advance(4 * hour);
    assert.deepEqual(await store.claimDue(5, 1_000), []);
  });

  storeTest('a callback that was placed is tried again like an immediate call', async ({ store, clock }) => {
    const scheduled = { slot, dueAt: clock.now(), sealedRequest: 'first' };
    const { id: callId } = await reserved(store, reservation(clock.now(), { scheduled, numberKeys: ['v1:n'] }));
    const [due] = await store.claimDue(5, 1_000);
    const redial = {
      callId: 'second',
      afterMs: 60_000,
      until: clock.now() + hour,
      zone: 'UTC',
      sealedRequest: 'again',
    };
    const checks = {
      numberKeys: ['v1:n'],
      consumptions: [],
      concurrencySlots: [],
      dispatchDeadline: clock.now() + hour,
    };
    assert.equal(await store.startScheduled(callId, due?.lease ?? '', { ...checks, redial }), undefined);
    await store.settle(callId, { kind: 'accepted', upstreamId: 'OUT-callback', nextPollAt: clock.now() });
    await store.append(callId, [{ status: 'no-answer', at: clock.now() }]);
    clock.advance(60_000);
    const [second] = await store.claimDue(5, 1_000);
    assert.deepEqual([second?.call.id, second?.sealedRequest], ['second', 'again']);
    const third = { ...redial, callId: 'third' };
    assert.equal(await store.startScheduled('second', second?.lease ?? '', { ...checks, redial: third }), undefined);
    await store.append('second', [{ status: 'no-answer', at: clock.now() }]);
    assert.equal(await store.read('third'), undefined, 'never a second attempt of a second attempt');
  });

  storeTest('a call is found by PolyAI’s id too, and ids of two calls are of none', async ({ store, clock }) => {
    const [one, two] = [await acceptedCall(store, clock.now()), await acceptedCall(store, clock.now())];
    const kindOf = async (over: Partial<OutcomeToRecord>): Promise<string> =>
      (await store.recordOutcome(reportOf(over))).kind;
    assert.equal(await kindOf({ upstreamId: one.upstreamId ?? '' }), 'recorded');
    assert.equal(await kindOf({ callId: one.id, upstreamId: one.upstreamId ?? '' }), 'recorded');
    assert.equal(await kindOf({ callId: one.id, upstreamId: two.upstreamId ?? '' }), 'unknown-call');
    assert.equal(await kindOf({ callId: 'nobody' }), 'unknown-call');
    assert.equal(await kindOf({}), 'unknown-call');
    assert.equal((await store.read(two.id))?.outcome, undefined);
  });

  storeTest('a call that is waiting, or was canceled before it was placed, has no report', async ({ store, clock }) => {
    const scheduled = { slot, dueAt: clock.now() + day, sealedRequest: 's' };
    const { id: callId } = await reserved(store, reservation(clock.now(), { scheduled }));
    assert.equal((await store.recordOutcome(reportOf({ callId }))).kind, 'unknown-call');
    await store.cancelScheduled(callId, 'taken-back');
    assert.equal((await store.recordOutcome(reportOf({ callId }))).kind, 'unknown-call');
  });

  storeTest('a message is used once, and not by a report on an unknown call', async ({ store, clock }) => {
    const { id: callId } = await acceptedCall(store, clock.now());
    const message = { id: 'm', expiresAt: clock.now() + day };
    assert.equal((await store.recordOutcome(reportOf({ callId: 'nobody', message }))).kind, 'unknown-call');
    assert.equal((await store.recordOutcome(reportOf({ callId, message }))).kind, 'recorded');
    assert.equal((await store.recordOutcome(reportOf({ callId, message, doNotCall: true }))).kind, 'repeated');
    assert.equal((await store.exportNumber([`v1:${callId}`])).suppressed, false);
    assert.equal(
      await store.suppress(['v1:n'], 'webhook', message),
      true,
      'the same ID at the other webhook is another message',
    );
  });

  storeTest('do not call: the number is suppressed in the same transaction', async ({ store, clock }) => {
    const { id: callId } = await acceptedCall(store, clock.now(), { numberKeys: ['v1:n'] });
    await store.recordOutcome(reportOf({ callId, doNotCall: true }));
    assert.equal((await store.exportNumber(['v1:n'])).suppressed, true);
    await store.recordOutcome(reportOf({ callId }));
    assert.equal((await store.exportNumber(['v1:n'])).suppressed, true, 'a later report does not allow calls again');
  });

  storeTest('a report after the end reaches whoever follows the call', async ({ store, clock }) => {
    const { id: callId } = await acceptedCall(store, clock.now());
    await store.append(callId, [{ status: 'completed', at: clock.now() }]);
    const offered: StoredCall[] = [];
    const ended = new Promise<void>((resolve) => {
      store.subscribe(callId, {
        seq: 0,
        offer: (call) => {
          offered.push(call);
          if (call.outcome !== undefined) resolve();
        },
        end: () => {},
        fail: () => {},
      });
    });
    await store.read(callId);
    await store.recordOutcome(reportOf({ callId }));
    await ended;
    assert.deepEqual(offered.map(seqOf), [2, 3]);
  });

  storeTest('a report is erased with the person', async ({ store, clock }) => {
    const { id: callId } = await acceptedCall(store, clock.now(), { numberKeys: ['v1:n'] });
    await store.recordOutcome(reportOf({ callId }));
    assert.equal((await store.exportNumber(['v1:n'])).calls[0]?.outcome?.disposition, 'message-left');
    await store.eraseNumber(['v1:n']);
    assert.equal((await store.recordOutcome(reportOf({ callId }))).kind, 'unknown-call');
  });
}
