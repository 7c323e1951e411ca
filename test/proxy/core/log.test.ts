// The log's redaction: whatever is passed by mistake, no number, capability, credential or second line is written.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, type LogFields } from '../../../src/proxy/core/log.js';
import { createThrottledLog, linesPerSecond } from '../../../src/proxy/core/throttled-log.js';
import { manualClock } from '../store/fixtures/stores.js';

function lineOf(fields: LogFields, error?: unknown): string {
  const lines: string[] = [];
  const log = createLog({
    write: (line) => lines.push(line),
    clock: { now: () => 0 },
    secrets: ['connector-canary', 'abc'],
  });
  if (error === undefined) log.info('tested', fields);
  else log.error('tested', fields, error);
  assert.equal(lines.length, 1);
  return lines[0] ?? '';
}

test('an event is one line of JSON with its time and level', () => {
  const line = lineOf({ callId: 'abcdefghijklmnopqrstuvwxyzab', code: 'busy', count: 3, ok: true, missing: undefined });
  assert.deepEqual(JSON.parse(line), {
    at: '1970-01-01T00:00:00.000Z',
    level: 'info',
    event: 'tested',
    callId: 'abcdefghijklmnopqrstuvwxyzab',
    code: 'busy',
    count: 3,
    ok: true,
  });
});

for (const number of [
  '+442079460958',
  '442079460958',
  '02079460958',
  '+44 20 7946 0958',
  '+1 (415) 555-2671',
  'tel:+33199000001',
]) {
  test(`the number ${number} is redacted`, () => {
    const line = lineOf({ advice: `call ${number} now` });
    assert.doesNotMatch(line, /0958|2671|0001/);
    assert.match(line, /\[number\]/);
  });
}

test('a phone number passed as a number is redacted', () => {
  assert.match(lineOf({ phone: 442_079_460_958 }), /"phone":"\[number\]"/);
});

test('tokens, PolyAI ids and secrets are redacted', () => {
  const token = 'q'.repeat(43);
  const line = lineOf({
    a: `Bearer ${token}`,
    b: 'OUT-550e8400-e29b-41d4-a716-446655440000',
    c: 'x connector-canary y',
    d: 'abc',
  });
  assert.deepEqual(
    { ...(JSON.parse(line) as object), at: '' },
    {
      at: '',
      level: 'info',
      event: 'tested',
      a: 'Bearer [token]',
      b: '[upstream-id]',
      c: 'x [secret] y',
      d: 'abc',
    },
  );
});

test("PolyAI's id of a call is written only in its own field, and only in PolyAI's format", () => {
  const id = 'OUT-550e8400-e29b-41d4-a716-446655440000';
  const fieldsOf = (fields: LogFields): unknown => ({
    ...(JSON.parse(lineOf(fields)) as object),
    at: '',
    level: '',
    event: '',
  });
  const line = { at: '', level: '', event: '' };
  assert.deepEqual(fieldsOf({ upstreamId: id, reason: id }), { ...line, upstreamId: id, reason: '[upstream-id]' });
  for (const other of ['OUT-442079460958', `${id} +442079460958`, '+442079460958', 'connector-canary'])
    assert.match(lineOf({ upstreamId: other }), /"upstreamId":"\[[a-z-]+\]/, other);
});

test("PolyAI's id of an error is written only in its own field, and only as a UUID or its digits", () => {
  const id = '7c9e6679-7425-40de-944b-446655440000';
  for (const whole of [id, id.replaceAll('-', '')])
    assert.match(lineOf({ errorId: whole, reason: whole }), new RegExp(`"errorId":"${whole}","reason":"[^"]*\\[`));
  assert.doesNotMatch(lineOf({ errorId: '442079460958' }), /442079460958/);
  assert.doesNotMatch(lineOf({ errorId: `${id}442079460958` }), /442079460958/);
});

test('an error is logged with its name and redacted message, never its stack', () => {
  const line = lineOf({}, new Error('no row for +442079460958', { cause: new Error('connector-canary') }));
  assert.match(line, /"error":"Error","message":"no row for \[number\]","cause":"\[secret\]"/);
  assert.doesNotMatch(line, /log\.test/);
});

test('a value cannot start a new line, and a long one is truncated', () => {
  const line = lineOf({ a: 'x\r\n{"level":"info"}\u0000', b: 'é '.repeat(1_000) });
  assert.equal(line.split(/[\r\n]/).length, 1);
  assert.ok(line.length < 800);
});

test('addresses and times are unchanged', () => {
  const line = lineOf({ neighbourhood: '203.0.113.0/24', other: '2001:db8:1::/48', when: '2026-03-02T15:00Z' });
  assert.match(line, /203\.0\.113\.0\/24/);
  assert.match(line, /2001:db8:1::\/48/);
  assert.match(line, /2026-03-02T15:00Z/);
});

test('a flood of refusals logs a few lines a second, and the rest is counted', () => {
  const clock = manualClock();
  const lines: string[] = [];
  const log = createThrottledLog(createLog({ write: (line) => lines.push(line), clock }), clock);
  for (const level of ['info', 'warn', 'error'] as const) {
    lines.length = 0;
    for (let i = 0; i < 1_000; i += 1) log[level](`refused-${level}`, { code: 'visitor-limit' });
    assert.equal(lines.length, linesPerSecond, level);
    log.warn(`other-${level}`);
    assert.equal(lines.length, linesPerSecond + 1, 'another event has its own lines');
    clock.advance(1_000);
    log[level](`refused-${level}`, { code: 'visitor-limit' });
    assert.match(lines.at(-1) ?? '', /"code":"visitor-limit","unlogged":980/);
    log[level](`refused-${level}`);
    assert.doesNotMatch(lines.at(-1) ?? '', /unlogged/);
  }
});

test('fields given as a function are only made for a line that is written', () => {
  const clock = manualClock();
  const lines: string[] = [];
  const log = createThrottledLog(createLog({ write: (line) => lines.push(line), clock }), clock);
  let made = 0;
  const fields = (): { readonly code: string } => {
    made += 1;
    return { code: 'visitor-limit' };
  };
  for (let i = 0; i < 1_000; i += 1) log.info('refused', fields);
  assert.equal(made, linesPerSecond);
  assert.match(lines.at(-1) ?? '', /"code":"visitor-limit"/);
});

test('the longest name of a setting is not taken for a capability', () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), clock: { now: () => 0 } });
  log.info('limits', { message: 'LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES=2,000' });
  assert.match(lines.join(''), /LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES=2,000/);
});
