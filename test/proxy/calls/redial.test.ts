// One more call after a missed one: promised only where it may be placed, placed once, and stopped by whatever stops a call.
// Mutations that turn each red: try again after `unknown` or a completed call, or after the second attempt; promise it outside the
// hours or too late; show its token to others; place it although the number opted out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallAccepted, CallSnapshot, CallStatus } from '../../../src/contract.js';
import { createScheduledCallPlacer } from '../../../src/proxy/calls/place-scheduled-call.js';
import { silentLog } from '../../../src/proxy/core/log.js';
import { acceptedOf, callRequest, createFixture, type Fixture, type FixtureOptions, origin } from '../fixtures/app.js';

const minute = 60_000;
const env = { REDIAL_AFTER_MINUTES: '3' };

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
