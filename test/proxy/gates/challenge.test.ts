// The challenge as a gate. The mutations that turn these red, each in src/proxy/gates/challenge.ts: the `catch` allows; `answer
// === undefined` or `answer.kind !== kind` dropped; `result.ok` not checked; a kind without its verifier does not throw; `case
// 'none'` of another kind

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChallengeAnswer, ChallengeKind } from '../../../src/contract.js';
import {
  type ChallengeBinding,
  failed,
  unavailable,
  type Verification,
} from '../../../src/proxy/challenge/verification.js';
import { createChallengeGate } from '../../../src/proxy/gates/challenge.js';

const binding: ChallengeBinding = { site: 'https://shop.example', action: 'call', addressBucket: '203.0.113.9/32' };
const answer = (kind: ChallengeKind): ChallengeAnswer => ({ kind, payload: 'payload' });
const passed: Verification = { ok: true, challengeId: 'id', expiresAt: 5 };

for (const kind of ['altcha', 'turnstile'] as const) {
  const gate = (verify: () => Promise<Verification>) => createChallengeGate({ kind, [kind]: { verify } });

  test(`${kind}: a correct solution passes with the id that marks it used, verified for its requester`, async () => {
    const seen: unknown[] = [];
    const judged = createChallengeGate({
      kind,
      [kind]: {
        verify: async (...args: unknown[]) => {
          seen.push(args);
          return passed;
        },
      },
    });
    assert.deepEqual(await judged(answer(kind), binding), { allowed: true, value: { id: 'id', expiresAt: 5 } });
    assert.deepEqual(seen, [['payload', binding]]);
  });

  test(`${kind}: without a solution of its kind there is no call`, async () => {
    const never = gate(() => assert.fail('judged'));
    for (const given of [undefined, answer('none'), answer(kind === 'altcha' ? 'turnstile' : 'altcha')])
      assert.deepEqual(await never(given, binding), { allowed: false, problem: { code: 'challenge-required' } });
  });

  test(`${kind}: a wrong solution is distinguished from one that cannot be verified, and neither places a call`, async () => {
    assert.deepEqual(await gate(async () => failed('wrong'))(answer(kind), binding), {
      allowed: false,
      problem: { code: 'challenge-failed' },
    });
    assert.deepEqual(await gate(async () => unavailable('down'))(answer(kind), binding), {
      allowed: false,
      problem: { code: 'challenge-unavailable', retryAfterSeconds: 10 },
    });
  });

  test(`${kind}: whatever verification throws, there is no call`, async () => {
    const breaks: (() => Promise<Verification>)[] = [
      () => Promise.reject(new Error('broken')),
      () => {
        throw new TypeError('broken');
      },
    ];
    for (const verify of breaks)
      assert.deepEqual(await gate(verify)(answer(kind), binding), {
        allowed: false,
        problem: { code: 'challenge-unavailable', retryAfterSeconds: 10 },
      });
  });

  test(`${kind}: a gate that could not verify cannot be created`, () => {
    assert.throws(() => createChallengeGate({ kind }), new RegExp(kind));
  });
}

test('the reason goes to the log and not to the visitor', async () => {
  const reported: unknown[] = [];
  const broken = new Error('broken');
  const results = [async () => failed('wrong'), async () => unavailable('down'), () => Promise.reject(broken)];
  for (const verify of results) {
    const gate = createChallengeGate({
      kind: 'altcha',
      altcha: { verify },
      onRefused: (...args) => reported.push(args),
    });
    const verdict = JSON.stringify(await gate(answer('altcha'), binding));
    assert.doesNotMatch(verdict, /wrong|down|broken/);
  }
  assert.deepEqual(reported, [
    ['failed', 'wrong'],
    ['unavailable', 'down'],
    ['unavailable', 'thrown', broken],
  ]);
});

test('when the operator configured no challenge, everyone passes and nothing is marked used', async () => {
  const gate = createChallengeGate({ kind: 'none' });
  for (const given of [undefined, answer('none'), answer('altcha')])
    assert.deepEqual(await gate(given, binding), { allowed: true, value: undefined });
});
