// A credential that PolyAI refuses: what counts as a refusal, what stops, and how a status request alone recovers.
// Mutations that turn a test red:
//   credential-monitor.ts: let one unclear 403 count as a refusal, or the same visitor three times; drop the trial; never report `works`

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCredentialMonitor, doubtsUntilRefused } from '../../../src/proxy/calls/credential-monitor.js';
import { createLog } from '../../../src/proxy/core/log.js';
import type { PlaceOutcome } from '../../../src/proxy/polyai/polyai.js';
import type { CredentialVerdict } from '../../../src/proxy/polyai/probe-credential.js';
import { acceptedOf, callRequest, freshNumber, problemOf, createFixture } from '../fixtures/app.js';
import { manualClock } from '../store/fixtures/stores.js';

const accepted: PlaceOutcome = { kind: 'accepted', upstreamId: 'OUT-1' };
const refused: PlaceOutcome = { kind: 'rejected', httpStatus: 401, credential: 'refused' };
const doubtful: PlaceOutcome = { kind: 'rejected', httpStatus: 403, credential: 'doubtful' };
const badNumber: PlaceOutcome = { kind: 'rejected', httpStatus: 400 };

function monitor() {
  const clock = manualClock();
  const lines: string[] = [];
  const self = { verdict: 'refused' as CredentialVerdict, probes: 0 };
  const credential = createCredentialMonitor({
    probe: () => {
      self.probes += 1;
      return Promise.resolve(self.verdict);
    },
    clock,
    log: createLog({ write: (line) => lines.push(line), clock }),
  });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  };
  return Object.assign(self, { clock, credential, lines, pass });
}

test('an explicit refusal counts at once, a firewall’s only from three visitors in a row', () => {
  const one = monitor();
  one.credential.recordTrigger(refused, 'a');
  assert.ok(one.credential.isRefused(), 'refused explicitly');

  const two = monitor();
  for (let i = 0; i < 20; i += 1) two.credential.recordTrigger(doubtful, 'a');
  two.credential.recordTrigger(doubtful, 'b');
  assert.equal(two.credential.isRefused(), false);
  two.credential.recordTrigger(doubtful, 'c');
  assert.ok(two.credential.isRefused(), 'three visitors');
});

test('any response that accepts the credential resets the count', () => {
  for (const good of [accepted, badNumber]) {
    const { credential } = monitor();
    for (let i = 0; i < 5; i += 1) {
      for (let doubt = 1; doubt < doubtsUntilRefused; doubt += 1) credential.recordTrigger(doubtful, `${i} ${doubt}`);
      credential.recordTrigger(good, 'good');
    }
    assert.equal(credential.isRefused(), false);
  }
});

test('it is retried after 30 s, then less and less often, and recovers without a restart', async () => {
  const fixture = monitor();
  fixture.credential.recordRefusal();
  const pauses: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const pause = (fixture.credential.tryAgainAt() ?? 0) - fixture.clock.now();
    pauses.push(pause);
    await fixture.pass(pause);
  }
  assert.deepEqual(pauses, [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  assert.equal(fixture.probes, 6);
  fixture.verdict = 'unclear';
  await fixture.pass(300_000);
  assert.ok(fixture.credential.isRefused(), 'nothing reported that it works');
  fixture.verdict = 'works';
  await fixture.pass(300_000);
  assert.equal(fixture.credential.isRefused(), false);
  assert.equal(fixture.credential.tryAgainAt(), undefined);
  assert.equal(fixture.lines.filter((line) => line.includes('credential-refused')).length, 1);
  assert.equal(fixture.lines.filter((line) => line.includes('credential-works')).length, 1);
  // Only an accepted call makes the next pause short again.
  fixture.credential.recordRefusal();
  assert.equal((fixture.credential.tryAgainAt() ?? 0) - fixture.clock.now(), 300_000);
});

test('a refusal is detected at startup, and an unreachable upstream is not mistaken for one', async () => {
  for (const verdict of ['refused', 'unclear', 'works'] as const) {
    const fixture = monitor();
    fixture.verdict = verdict;
    assert.equal(await fixture.credential.check(), verdict);
    assert.equal(fixture.credential.isRefused(), verdict === 'refused');
  }
});

test('while it is refused nothing is placed and /readyz fails; a status request recovers both', async () => {
  const fixture = createFixture();
  fixture.answers = [refused, accepted];
  fixture.verdict = 'refused';
  assert.equal((await fixture.request('/readyz')).status, 200);
  assert.equal((await problemOf(await fixture.post())).code, 'upstream-rejected');
  const paused = await fixture.post(callRequest({ phone: freshNumber() }));
  assert.equal((await problemOf(paused)).code, 'calls-paused');
  assert.equal(paused.headers.get('retry-after'), '30');
  assert.equal((await fixture.request('/readyz')).status, 503);
  assert.equal((await fixture.request('/healthz')).status, 200);
  fixture.verdict = 'works';
  fixture.clock.advance(30_000);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal((await fixture.request('/readyz')).status, 200);
  assert.equal(fixture.triggers.length, 1, 'no call was used to find out');
  await acceptedOf(await fixture.post(callRequest({ phone: freshNumber() })));
});

test('a firewall’s 403 for one visitor affects only that visitor', async () => {
  const fixture = createFixture();
  fixture.answers = [doubtful, accepted];
  assert.equal((await problemOf(await fixture.post())).code, 'upstream-rejected');
  await acceptedOf(await fixture.post(callRequest({ phone: freshNumber() })));
  assert.equal((await fixture.request('/readyz')).status, 200);
});
