// One more call after a missed one: promised only where it may be placed, placed once, and stopped by whatever stops a call.
// Mutations that turn each red: try again after `unknown` or a completed call, or after the second attempt; promise it outside the
// hours or too late; show its token to others; place it although the number opted out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallAccepted, CallSnapshot, CallStatus, SlotsOffered } from '../../../src/contract.js';
import { createScheduledCallPlacer } from '../../../src/proxy/calls/place-scheduled-call.js';
import { silentLog } from '../../../src/proxy/core/log.js';
import { outcomeWaitMs, sealOutcome } from '../../../src/proxy/outcomes/stored-outcome.js';
import type { OutcomeToRecord } from '../../../src/proxy/store/store.js';
import { acceptedOf, callRequest, createFixture, type Fixture, type FixtureOptions, origin } from '../fixtures/app.js';

const minute = 60_000;
const env = { REDIAL_AFTER_MINUTES: '3' };
const noText = {
  doNotCall: false,
  outcome: { answeredBy: 'voicemail', disposition: 'other', agreed: [], links: [] },
} as const;

interface World {
  readonly fixture: Fixture;
  readonly call: CallAccepted;
  /** Ends the first call, and reads it as its page does. */
  readonly ends: (status: CallStatus) => Promise<CallSnapshot>;
  readonly read: (key: { readonly id: string; readonly token: string }, method?: string) => Promise<CallSnapshot>;
  /** Advances the clock, and does what the poller does. */
  readonly after: (ms: number) => Promise<void>;
}

async function requested(options: FixtureOptions = {}): Promise<World> {
  const fixture = createFixture({ ...options, env: { ...env, ...options.env } });
  const call = await acceptedOf(await fixture.post(callRequest({ timeZone: 'Europe/London' })));
  const place = createScheduledCallPlacer({ ...fixture.gates, ...fixture, log: silentLog });
  const read: World['read'] = async ({ id, token }, method = 'GET') => {
    const headers = { Authorization: `Bearer ${token}`, Origin: origin };
    return (await (await fixture.request(`/v1/calls/${id}`, { method, headers })).json()) as CallSnapshot;
  };
  return {
    fixture,
    call,
    read,
    ends: async (status) => {
      await fixture.store.append(call.id, [{ status, at: fixture.clock.now() }]);
      return read(call);
    },
    after: async (ms) => {
      fixture.clock.advance(ms);
      for (const due of await fixture.store.claimDue(10, 3_000)) if (due.why === 'place') await place(due);
    },
  };
}

for (const status of ['no-answer', 'busy'] as const) {
  test(`after ${status} the same number is called once more, at the promised time and not before`, async () => {
    const { fixture, read, ends, after } = await requested();
    const { redial } = await ends(status);
    assert.ok(redial, 'a second attempt');
    assert.equal(Date.parse(redial.at), fixture.clock.now() + 3 * minute);
    const waiting = await read(redial);
    assert.deepEqual(
      [waiting.status, waiting.redialAfter, waiting.scheduledFor?.at, waiting.canTakeBack],
      ['scheduled', status, redial.at, true],
    );
    await after(3 * minute - 1);
    assert.equal(fixture.triggers.length, 1);
    await after(1);
    await after(minute);
    assert.deepEqual(fixture.triggers[1], fixture.triggers[0]);
    assert.equal(fixture.triggers.length, 2);
  });
}

for (const status of ['completed', 'failed', 'cancelled', 'unknown'] as const) {
  test(`after ${status} the number is not called again`, async () => {
    const { fixture, ends, after } = await requested();
    assert.equal((await ends(status)).redial, undefined);
    await after(10 * minute);
    assert.equal(fixture.triggers.length, 1);
  });
}

/** What the agent reports about a voicemail. */
const voicemail = { answeredBy: 'voicemail', disposition: 'no-message', sealedText: '', doNotCall: false } as const;

/** A call that was completed, and what the agent then reports. */
async function reported(report: Partial<OutcomeToRecord>, options: FixtureOptions = {}): Promise<World> {
  const world = await requested({
    ...options,
    env: { OUTCOMES_TOKEN: 'outcomes-token-0123456789abcdef0123', ...options.env },
  });
  assert.equal((await world.ends('completed')).redial, undefined, 'nothing is promised before the report');
  await world.fixture.store.recordOutcome({
    ...voicemail,
    callId: world.call.id,
    sealedText: sealOutcome(world.fixture.keyring, noText),
    ...report,
  });
  return world;
}

for (const [disposition, shown] of [
  ['message-left', 'message-left'],
  ['no-message', 'voicemail'],
] as const) {
  test(`after a reported voicemail (${disposition}) the same number is called once more`, async () => {
    const { fixture, call, read, after } = await reported({ disposition });
    const { redial, outcome } = await read(call);
    assert.ok(redial, 'a second attempt');
    assert.equal(outcome?.answeredBy, 'voicemail');
    assert.equal(Date.parse(redial.at), fixture.clock.now() + 3 * minute);
    assert.equal((await read(redial)).redialAfter, shown);
    await after(3 * minute);
    const [first, second] = fixture.triggers;
    assert.equal(second?.number, first?.number);
    // A report on the second call is followed by nothing.
    await fixture.store.append(redial.id, [{ status: 'completed', at: fixture.clock.now() }]);
    await fixture.store.recordOutcome({ ...voicemail, callId: redial.id });
    await after(10 * minute);
    assert.equal(fixture.triggers.length, 2);
  });
}

for (const [what, report] of Object.entries({
  'a person': { answeredBy: 'person', disposition: 'no-conversation' },
  'a voicemail and a talk': { answeredBy: 'voicemail', disposition: 'resolved' },
  'a voicemail whose owner wants no calls': { doNotCall: true },
  'nobody knows whom': { answeredBy: 'unknown', disposition: 'other' },
} as const)) {
  test(`after a report of ${what} the number is not called again`, async () => {
    const { fixture, call, read, after } = await reported(report);
    assert.equal((await read(call)).redial, undefined);
    await after(10 * minute);
    assert.equal(fixture.triggers.length, 1);
  });
}

test('without reports, a completed call keeps no number', async () => {
  const { fixture, call, ends } = await requested();
  await ends('completed');
  await fixture.store.recordOutcome({ ...voicemail, callId: call.id });
  assert.equal((await fixture.store.read(call.id))?.redial, undefined);
});

test('a report that arrives when no page waits for it anymore is followed by nothing', async () => {
  const world = await requested({ env: { OUTCOMES_TOKEN: 'outcomes-token-0123456789abcdef0123' } });
  await world.ends('completed');
  world.fixture.clock.advance(outcomeWaitMs + 1);
  const { call, fixture } = world;
  assert.equal((await world.read(call)).outcomePending, undefined);
  await fixture.store.recordOutcome({ ...voicemail, callId: call.id });
  assert.equal((await fixture.store.read(call.id))?.redial, undefined);
});

test('a callback at a chosen time that is missed is called once more, and only once', async () => {
  const fixture = createFixture({ env: { ...env, CALLING_HOURS: '' } });
  const place = createScheduledCallPlacer({ ...fixture.gates, ...fixture, log: silentLog });
  const slots = await fixture.request('/v1/slots', {
    method: 'POST',
    headers: { Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({ phone: callRequest().phone, timeZone: 'Europe/London' }),
  });
  const [slot] = ((await slots.json()) as SlotsOffered).slots;
  const call = await acceptedOf(
    await fixture.post(callRequest({ timeZone: 'Europe/London', scheduleAt: slot?.at ?? '' })),
  );
  const due = async (): Promise<void> => {
    for (const one of await fixture.store.claimDue(10, 3_000)) if (one.why === 'place') await place(one);
  };
  fixture.clock.advance(Date.parse(slot?.at ?? '') - fixture.clock.now());
  await due();
  const missed = await fixture.store.append(call.id, [{ status: 'busy', at: fixture.clock.now() }]);
  assert.ok(missed.redial, 'a second attempt');
  fixture.clock.advance(3 * minute);
  await due();
  const last = await fixture.store.append(missed.redial.callId, [{ status: 'busy', at: fixture.clock.now() }]);
  assert.equal(last.redial, undefined);
  fixture.clock.advance(60 * minute);
  await due();
  assert.deepEqual(fixture.triggers[1], fixture.triggers[0]);
  assert.equal(fixture.triggers.length, 2);
});

test('a request is tried again at most once, however often the miss is recorded', async () => {
  const { fixture, ends, after } = await requested();
  const { redial } = await ends('no-answer');
  assert.deepEqual((await ends('no-answer')).redial, redial);
  await after(3 * minute);
  await fixture.store.append(redial?.id ?? '', [{ status: 'no-answer', at: fixture.clock.now() }]);
  await after(30 * minute);
  assert.equal(fixture.triggers.length, 2);
});

test('without the setting a missed call is over', async () => {
  const fixture = createFixture();
  const call = await acceptedOf(await fixture.post());
  const ended = await fixture.store.append(call.id, [{ status: 'no-answer', at: fixture.clock.now() }]);
  assert.equal(ended.redial, undefined);
  assert.equal((await fixture.store.nextDue()).at, undefined);
});

test('it is not promised where the hours end too soon, nor for a call that was missed too late', async () => {
  // 20:45 in London: fifteen minutes before the hours end, of which a call needs ten.
  const late = await requested({ start: Date.UTC(2026, 2, 2, 20, 45) });
  assert.equal((await late.ends('no-answer')).redial, undefined);
  const long = await requested();
  long.fixture.clock.advance(11 * minute);
  assert.equal((await long.ends('no-answer')).redial, undefined);
});

test('it can be canceled, and is then never placed', async () => {
  const { fixture, read, ends, after } = await requested();
  const { redial } = await ends('no-answer');
  assert.ok(redial, 'a second attempt');
  assert.equal((await read(redial, 'DELETE')).endedBecause, 'taken-back');
  await after(5 * minute);
  assert.equal(fixture.triggers.length, 1);
});

test('it can be placed now, once, however often that is requested', async () => {
  const { fixture, read, ends, after } = await requested();
  const { redial } = await ends('no-answer');
  assert.ok(redial, 'a second attempt');
  fixture.clock.advance(20_000);
  const now = new Date(fixture.clock.now()).toISOString();
  assert.equal((await read(redial, 'PATCH')).scheduledFor?.at, now);
  assert.equal((await read(redial, 'PATCH')).scheduledFor?.at, now);
  await after(0);
  assert.equal((await read(redial, 'PATCH')).status, 'requested');
  await after(5 * minute);
  assert.equal(fixture.triggers.length, 2);
});

test('only a second attempt can be placed now', async () => {
  const { fixture, call } = await requested();
  const headers = { Authorization: `Bearer ${call.token}`, Origin: origin };
  const response = await fixture.request(`/v1/calls/${call.id}`, { method: 'PATCH', headers });
  assert.equal(response.status, 409);
});

test('it is stopped by an opt-out, and by the allowances of the number', async () => {
  const optedOut = await requested();
  await optedOut.ends('no-answer');
  await optedOut.fixture.store.suppress(optedOut.fixture.keyring.numberKeys('+442079460958'), 'operator');
  await optedOut.after(3 * minute);
  const limited = await requested({ env: { LIMIT_NUMBER_PER_DAY: '1' } });
  const { redial } = await limited.ends('no-answer');
  await limited.after(3 * minute);
  await limited.after(11 * minute);
  assert.deepEqual([optedOut.fixture.triggers.length, limited.fixture.triggers.length], [1, 1]);
  assert.ok(redial, 'a second attempt');
  assert.equal((await limited.read(redial)).endedBecause, 'slot-missed');
});

test('somebody who was called again in the meantime is not called about the first request too', async () => {
  const { fixture, ends, after, read } = await requested({ env: { LIMIT_ADDRESS_PER_MINUTE: '9' } });
  const { redial } = await ends('no-answer');
  assert.ok(redial, 'a second attempt');
  fixture.clock.advance(minute);
  const again = await acceptedOf(await fixture.post(callRequest({ timeZone: 'Europe/London' })));
  await fixture.store.append(again.id, [{ status: 'completed', at: fixture.clock.now() }]);
  for (let minutes = 0; minutes < 15; minutes += 1) await after(minute);
  assert.equal(fixture.triggers.length, 2);
  assert.equal((await read(redial)).status, 'failed');
});

test('somebody whom the agent reported as reached after the miss is not called again', async () => {
  const { fixture, call, ends, after } = await requested();
  await ends('no-answer');
  const report = {
    callId: call.id,
    answeredBy: 'person',
    disposition: 'resolved',
    sealedText: '',
    doNotCall: false,
  } as const;
  assert.equal((await fixture.store.recordOutcome(report)).kind, 'recorded');
  for (let minutes = 0; minutes < 15; minutes += 1) await after(minute);
  assert.equal(fixture.triggers.length, 1);
});

test('an opt-out that was taken back during the first call leaves nothing to try again', async () => {
  const { fixture, ends } = await requested();
  const numberKeys = fixture.keyring.numberKeys('+442079460958');
  await fixture.store.suppress(numberKeys, 'operator');
  await fixture.store.unsuppress(numberKeys);
  assert.equal((await ends('no-answer')).redial, undefined);
});

test('the number is kept encrypted, and its record of consent with it', async () => {
  const { fixture, ends } = await requested();
  const { redial } = await ends('no-answer');
  fixture.clock.advance(3 * minute);
  const [due] = await fixture.store.claimDue(10, 3_000);
  assert.ok(due?.sealedRequest, 'a sealed request');
  assert.doesNotMatch(JSON.stringify(due), /7946/);
  const { calls } = await fixture.store.exportNumber(fixture.keyring.numberKeys('+442079460958'));
  const second = calls.find(({ id }) => id === redial?.id);
  assert.equal(second?.consent?.text, callRequest().consent.text);
});

test('it survives a restart', async () => {
  const { fixture, ends } = await requested();
  await ends('busy');
  fixture.clock.advance(3 * minute);
  const again = createScheduledCallPlacer({ ...fixture.gates, ...fixture, log: silentLog });
  const [due] = await fixture.store.claimDue(10, 3_000);
  assert.ok(due, 'a due call');
  await Promise.all([again(due), again(due)]);
  assert.equal(fixture.triggers.length, 2);
});
