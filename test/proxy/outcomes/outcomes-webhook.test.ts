// The agent's report on a call: who may send it, what it may contain, where it is kept, and who sees it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { origin, problemOf } from '../fixtures/app.js';
import { day, temporaryFolder } from '../store/fixtures/stores.js';
import {
  createOutcomesFixture,
  type Data,
  olderSecret,
  placedCall,
  readCall,
  report,
  reportOn,
  secret,
  send,
  type Sending,
  token,
} from './fixture.js';
import { createFixture } from '../fixtures/app.js';

test('a signed report is shown to the holder of the call, cleaned and in UTC', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  const before = await readCall(fixture, call);
  assert.equal(before.outcome, undefined);
  assert.equal(before.outcomePending, true);
  assert.equal((await report(fixture, reportOn(call.id))).status, 204);
  const { outcome, outcomePending, seq } = await readCall(fixture, call);
  assert.deepEqual(outcome, {
    answeredBy: 'person',
    disposition: 'appointment-booked',
    agreed: ['We come on Tuesday at 10:00.', 'You keep the old key.'],
    appointment: {
      start: '2026-03-10T09:00:00.000Z',
      end: '2026-03-10T10:00:00.000Z',
      zone: 'Europe/Berlin',
      title: 'Boiler inspection',
    },
    links: [{ url: 'https://book.example.com/manage/17', title: 'Change your appointment' }],
    reportedAt: '2026-03-02T15:00:00.000Z',
  });
  assert.equal(outcomePending, undefined);
  assert.equal(seq, before.seq + 1, 'a reader that has the end still gets the report');
});

test('a report by PolyAI’s id reaches the same call; the ids of two calls do not', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  const upstreamId = (await fixture.store.read(call.id))?.upstreamId ?? '';
  const { call_id: _, ...rest } = reportOn(call.id);
  assert.equal((await report(fixture, { ...rest, polyai_call_id: upstreamId })).status, 204);
  assert.equal((await readCall(fixture, call)).outcome?.disposition, 'appointment-booked');
  assert.equal((await report(fixture, { ...reportOn(call.id), polyai_call_id: 'OUT-another' })).status, 404);
});

test('the agent is told our id, and no value of the page replaces it; without the setting nothing is sent', async () => {
  const fixture = createOutcomesFixture({ env: { METADATA_KEYS: 'callback_call_id,plan' } });
  const request = { phone: '+442079460958', international: true, country: 'GB', locale: 'en', widgetVersion: '1' };
  const consent = { text: 'Example may call me with an AI voice now.', source: 'page' };
  const body = { ...request, consent, metadata: { callback_call_id: 'forged', plan: 'gold' } };
  const { id } = (await (await fixture.post(body)).json()) as { id: string };
  assert.deepEqual(fixture.triggers[0]?.metadata, { callback_call_id: id, plan: 'gold' });
  const without = createFixture();
  await without.post({ ...request, consent });
  assert.deepEqual(without.triggers, [{ number: '+442079460958' }]);
});

const refusals: readonly (readonly [what: string, sending: Sending])[] = [
  ['another secret', { key: `whsec_${Buffer.from('another secret of 32 bytes......').toString('base64')}` }],
  ['another body', { signedBody: '{}' }],
  ['a signature from six minutes ago', { at: Date.UTC(2026, 2, 2, 14, 54) }],
  ['a signature from six minutes in the future', { at: Date.UTC(2026, 2, 2, 15, 6) }],
  ['no signature', { headers: { 'webhook-signature': '' } }],
  ['no id', { headers: { 'webhook-id': '' } }],
  ['another version of the signature', { headers: { 'webhook-signature': 'v2,AAAA' } }],
  ['another token', { bearer: `${token}x` }],
  ['an empty token', { bearer: '' }],
  ['the signing secret as a token', { bearer: secret }],
  ['a form', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
];
for (const [what, sending] of refusals) {
  test(`${what}: refused, and nothing is stored`, async () => {
    const fixture = createOutcomesFixture();
    const call = await placedCall(fixture, 'completed');
    const { status } = await report(fixture, reportOn(call.id, { do_not_call: true }), sending);
    assert.ok(status === 400 || status === 415, String(status));
    assert.equal((await readCall(fixture, call)).outcome, undefined);
  });
}

for (const [what, sending] of [
  ['an older secret during a rotation', { key: olderSecret }],
  ['a bearer token', { bearer: token }],
] as const) {
  test(`${what} is accepted`, async () => {
    const fixture = createOutcomesFixture();
    const call = await placedCall(fixture, 'completed');
    assert.equal((await report(fixture, reportOn(call.id), sending)).status, 204);
    assert.notEqual((await readCall(fixture, call)).outcome, undefined);
  });
}

test('with a secret alone, a token is worth nothing, and with a token alone no signature is', async () => {
  for (const [env, sending] of [
    [{ OUTCOMES_TOKEN: '' }, { bearer: token }],
    [{ OUTCOMES_SECRET: '' }, {}],
  ] as const) {
    const fixture = createOutcomesFixture({ env });
    const call = await placedCall(fixture, 'completed');
    assert.equal((await report(fixture, reportOn(call.id), sending)).status, 400);
  }
});

for (const [how, sending] of [
  ['signed', {}],
  ['with a token', { bearer: token }],
] as const) {
  test(`a message ${how} works once: a replay does not bring an older report back`, async () => {
    const fixture = createOutcomesFixture();
    const call = await placedCall(fixture, 'completed');
    const first = reportOn(call.id, { disposition: 'no-conversation' });
    assert.equal((await report(fixture, first, { ...sending, id: 'once' })).status, 204);
    assert.equal((await report(fixture, reportOn(call.id))).status, 204);
    assert.equal((await report(fixture, first, { ...sending, id: 'once' })).status, 204);
    assert.equal((await readCall(fixture, call)).outcome?.disposition, 'appointment-booked');
  });
}

test('a message about an unknown call can be sent again, in case the call is recorded later', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  const unknown = reportOn('a'.repeat(28));
  assert.equal((await report(fixture, unknown, { id: 'later' })).status, 404);
  assert.equal((await report(fixture, reportOn(call.id), { id: 'later' })).status, 204);
  assert.notEqual((await readCall(fixture, call)).outcome, undefined);
});

const appointment = reportOn('').appointment as Data;
const malformed: readonly (readonly [what: string, over: Data])[] = [
  ['no id', { call_id: undefined }],
  ['an id that is not ours', { call_id: '../../admin' }],
  ['a malformed PolyAI id', { polyai_call_id: 'OUT-../x' }],
  ['an unknown answerer', { answered_by: 'robot' }],
  ['an unknown disposition', { disposition: 'sold' }],
  ['four points', { agreed: ['a', 'b', 'c', 'd'] }],
  ['a point that is too long', { agreed: ['x'.repeat(201)] }],
  ['a point without visible text', { agreed: ['\u202e\u200b '] }],
  ['a point that is not text', { agreed: [{ html: '<b>' }] }],
  ['an unknown field', { note: 'x' }],
  ['an appointment without a zone', { appointment: { ...appointment, time_zone: undefined } }],
  ['an appointment in an unknown zone', { appointment: { ...appointment, time_zone: 'Europe/Atlantis' } }],
  ['an appointment without an offset', { appointment: { ...appointment, start: '2026-03-10T10:00:00' } }],
  ['an appointment on a day that does not exist', { appointment: { ...appointment, start: '2026-13-10T10:00:00Z' } }],
  ['an appointment on February 30', { appointment: { ...appointment, start: '2026-02-30T10:00:00Z', end: undefined } }],
  ['an appointment that ends before it begins', { appointment: { ...appointment, end: '2026-03-09T10:00:00Z' } }],
  ['an appointment that lasts for weeks', { appointment: { ...appointment, end: '2026-04-09T10:00:00Z' } }],
  ['do_not_call as text', { do_not_call: 'yes' }],
];
for (const [what, over] of malformed) {
  test(`${what}: the report is refused as a whole`, async () => {
    const fixture = createOutcomesFixture();
    const call = await placedCall(fixture, 'completed');
    const response = await report(fixture, reportOn(call.id, over));
    assert.equal((await problemOf(response)).code, 'invalid-request');
    assert.equal((await readCall(fixture, call)).outcome, undefined);
  });
}

const script = ['java', 'script:'].join('');
const links = [
  'http://book.example.com/',
  'https://evil.example/',
  'https://book.example.com.evil.example/',
  'https://evil.example/?https://book.example.com/',
  'https://book.example.com@evil.example/',
  'https://user:secret@book.example.com/',
  'https://book.example.com:8443/',
  'https://sub.book.example.com/',
  'https://book.example.com\\@evil.example/',
  'https:\\\\book.example.com/',
  '//book.example.com/',
  '/manage',
  `${script}alert(1)`,
  `${script}//book.example.com/%0aalert(1)`,
  'data:text/html,x',
  ' https://book.example.com/',
  'https://book.example.com/\n',
  'https://bооk.example.com/',
];

for (const url of links) {
  test(`a link that leaves the allowed hosts is refused: ${JSON.stringify(url)}`, async () => {
    const fixture = createOutcomesFixture();
    const call = await placedCall(fixture, 'completed');
    assert.equal((await report(fixture, reportOn(call.id, { links: [{ url }] }))).status, 400);
  });
}

test('without allowed hosts no link is accepted', async () => {
  const fixture = createOutcomesFixture({ env: { OUTCOMES_LINK_HOSTS: '' } });
  const call = await placedCall(fixture, 'completed');
  assert.equal((await report(fixture, reportOn(call.id))).status, 400);
  assert.equal((await report(fixture, reportOn(call.id, { links: [] }))).status, 204);
});

test('text is plain: control and bidi characters and phone numbers are removed, markup stays text', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  const agreed = ['Call\u202e 020 7946 0958\u0000 or +1 (415) 555-0100.', '<b>10:00</b>\non 2026-03-10'];
  await report(fixture, reportOn(call.id, { agreed, links: [{ url: 'https://www.example.com/' }] }));
  const { outcome } = await readCall(fixture, call);
  assert.deepEqual(outcome?.agreed, ['Call [number] or [number].', '<b>10:00</b> on 2026-03-10']);
  assert.deepEqual(outcome?.links, [{ url: 'https://www.example.com/', title: 'www.example.com' }]);
});

test('nobody without the call’s token sees the report', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  const other = await placedCall(fixture, undefined).catch(() => undefined);
  await report(fixture, reportOn(call.id));
  const altered = `${call.token.startsWith('A') ? 'B' : 'A'}${call.token.slice(1)}`;
  for (const capability of ['', altered, other?.token ?? 'x'.repeat(43)]) {
    const response = await fixture.request(`/v1/calls/${call.id}`, {
      headers: { Authorization: `Bearer ${capability}`, Origin: origin },
    });
    assert.equal(response.status, 404);
  }
});

test('do_not_call suppresses at once, and the report is kept', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  await report(fixture, reportOn(call.id, { do_not_call: true }));
  assert.equal((await fixture.store.exportNumber(fixture.keyring.numberKeys('+442079460958'))).suppressed, true);
  assert.equal((await problemOf(await fixture.post())).code, 'try-later');
  assert.equal(JSON.stringify(await readCall(fixture, call)).includes('call_again'), false);
});

test('a callback that was not placed has no outcome', async () => {
  const fixture = createOutcomesFixture();
  const slots = await fixture.request('/v1/slots', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ phone: '+442079460958' }),
  });
  const {
    slots: [slot],
  } = (await slots.json()) as { slots: { at: string }[] };
  const booked = await fixture.post({
    phone: '+442079460958',
    international: true,
    country: 'GB',
    consent: { text: 'Example may call me with an AI voice now.', source: 'page' },
    locale: 'en',
    widgetVersion: '1',
    scheduleAt: slot?.at,
  });
  const { id } = (await booked.json()) as { id: string };
  assert.equal((await report(fixture, reportOn(id))).status, 404);
});

test('the text is encrypted in the database, absent from the log, and gone with the person and after 30 days', async (t) => {
  const folder = temporaryFolder();
  t.after(folder.remove);
  const file = `${folder.path}/callback.db`;
  const fixture = createOutcomesFixture({ file });
  t.after(() => fixture.store.close());
  const call = await placedCall(fixture, 'completed');
  await report(fixture, reportOn(call.id, { agreed: ['Canary of the agreement.'] }));
  const { readFileSync } = await import('node:fs');
  const stored = (): string => ['', '-wal'].map((end) => readFileSync(file + end).toString('latin1')).join('');
  assert.equal(stored().includes('Canary'), false);
  assert.equal(stored().includes('Boiler'), false);
  assert.doesNotMatch(fixture.lines.join(''), /Canary|Boiler|book\.example/);
  fixture.clock.advance(30 * day + 1);
  await fixture.store.deleteExpired();
  assert.equal(await fixture.store.read(call.id), undefined);
});

test('a report that cannot be decrypted hides itself, not the call', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  await fixture.store.recordOutcome({
    callId: call.id,
    answeredBy: 'person',
    disposition: 'other',
    sealedText: 'v9-00000000.AAAA',
    doNotCall: false,
  });
  const shown = await readCall(fixture, call);
  assert.equal(shown.status, 'completed');
  assert.equal(shown.outcome, undefined);
  assert.match(fixture.lines.join(''), /outcome-unreadable/);
});

test('a report during the call is shown, and neither it nor the end is lost to a reader', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'in-progress');
  await report(fixture, reportOn(call.id));
  const during = await readCall(fixture, call);
  assert.equal(during.outcome?.answeredBy, 'person');
  assert.equal(during.seq, 2, 'the journal’s own numbers stay gapless');
  await fixture.store.append(call.id, [{ status: 'completed', at: fixture.clock.now() }]);
  assert.equal((await readCall(fixture, call)).seq, 4);
});

test('the page waits for a report for two minutes after the end, and not at all after a call that nobody answered', async () => {
  const fixture = createOutcomesFixture();
  const call = await placedCall(fixture, 'completed');
  fixture.clock.advance(119_000);
  assert.equal((await readCall(fixture, call)).outcomePending, true);
  fixture.clock.advance(2_000);
  assert.equal((await readCall(fixture, call)).outcomePending, undefined);
  assert.equal((await report(fixture, reportOn(call.id))).status, 204);
  assert.notEqual((await readCall(fixture, call)).outcome, undefined, 'a later visit has it');
  const missed = createOutcomesFixture();
  assert.equal((await readCall(missed, await placedCall(missed, 'no-answer'))).outcomePending, undefined);
});

test('without the settings there is no route, and nothing waits', async () => {
  const fixture = createFixture();
  const call = await placedCall(fixture, 'completed');
  assert.equal((await report(fixture, reportOn(call.id))).status, 404);
  const shown = await readCall(fixture, call);
  assert.equal('outcomePending' in shown || 'outcome' in shown, false);
});

test('a flood of forged reports is refused before it is parsed, and a body over the limit is not read', async () => {
  const fixture = createOutcomesFixture();
  assert.equal((await send(fixture, '{', { signedBody: 'x' })).status, 400);
  assert.equal((await send(fixture, `"${'x'.repeat(9_000)}"`)).status, 413);
});

test('a link to a host that is no longer allowed is not shown', async (t) => {
  const folder = temporaryFolder();
  t.after(folder.remove);
  const file = `${folder.path}/callback.db`;
  const before = createOutcomesFixture({ file });
  const call = await placedCall(before, 'completed');
  await report(before, reportOn(call.id));
  await before.store.close();
  const after = createOutcomesFixture({
    file,
    keys: before.keyring,
    clock: before.clock,
    env: { OUTCOMES_LINK_HOSTS: 'www.example.com' },
  });
  t.after(() => after.store.close());
  assert.deepEqual((await readCall(after, call)).outcome?.links, []);
});
