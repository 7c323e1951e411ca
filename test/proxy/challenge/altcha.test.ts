// Proof of work. Every assert.ok has a message: without one, Node searches the source for the failed expression, which takes minutes when
// the loader has put everything on one line. The mutations that turn these red, each in src/proxy/challenge/:
//   altcha.ts: `if (!result.verified) return` → `if (result.invalidSignature === true) return` (zero work passes)
//   altcha.ts: drop the line that compares `data.binding` (foreign site and address pass)
//   altcha.ts: in bindingOf, leave `site`, `action` or `addressBucket` out, or `.join('')` the three
//   altcha.ts: drop the line with `isAlive` (expired passes); verification.ts: drop either half of `isAlive`
//   altcha.ts: `+ keepMarkMs` dropped; `challengeId` from the payload or the counter instead of the nonce
//   altcha.ts: `price` = 1; Math.min or Math.max dropped; `mostAtOnce` not checked; `beingMade--` outside `finally`
//   altcha-payload.ts: the length not checked; `keySignature` optional
//   recent-challenges.ts: `window.since <= now` dropped; `windows.delete(oldest)` dropped

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Challenge } from '../../../src/contract.js';
import { type AltchaOptions, createAltcha } from '../../../src/proxy/challenge/altcha.js';
import { createRecentChallenges } from '../../../src/proxy/challenge/recent-challenges.js';
import type { ChallengeBinding } from '../../../src/proxy/challenge/verification.js';
import { keyFinder, type Solution } from '../../../src/widget/challenge/pbkdf2-search.js';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-23T12:00:00Z');
const binding: ChallengeBinding = { site: 'https://shop.example', action: 'call', addressBucket: '203.0.113.9/32' };
const most = (): Uint8Array => Uint8Array.of(255, 255, 255, 255);

/** A fixture with a frozen clock and a cheap proof of work. */
function createFixture(options: Partial<AltchaOptions> = {}) {
  const clock = { time: start, now: () => clock.time };
  const altcha = createAltcha({
    secret: new Uint8Array(32).fill(7),
    clock,
    random: (size) => new Uint8Array(randomBytes(size)),
    iterations: 3,
    derivations: 8,
    ...options,
  });
  const issue = async (issuedFor: Parameters<typeof altcha.issue>[0] = binding): Promise<Challenge> => {
    const challenge = await altcha.issue(issuedFor);
    assert.ok(challenge !== undefined, 'no challenge');
    return challenge;
  };
  const solved = async (challenge?: Challenge): Promise<string> => {
    const issued = challenge ?? (await issue());
    return packed(issued, await solve(issued));
  };
  return { clock, altcha, issue, solved };
}

async function solve({ parameters }: Challenge, subtle: SubtleCrypto | undefined = crypto.subtle): Promise<Solution> {
  const solution = await keyFinder(subtle)(parameters, () => false);
  assert.ok(solution !== undefined, 'no solution');
  return solution;
}

const packed = (challenge: unknown, solution: unknown, padding = ''): string =>
  Buffer.from(JSON.stringify({ challenge, solution }) + padding).toString('base64');

test("the widget's solution is correct with and without the browser's cryptography", async () => {
  const { altcha, issue } = createFixture();
  for (const subtle of [crypto.subtle, undefined]) {
    const challenge = await issue();
    const result = await altcha.verify(packed(challenge, await solve(challenge, subtle)), binding);
    assert.deepEqual(
      { ...result, expiresAt: 0 },
      { ok: true, challengeId: `altcha:${challenge.parameters.nonce}`, expiresAt: 0 },
    );
  }
});

test('the widget derives the same keys with and without the cryptography of the browser, for any challenge', async () => {
  const hex = (bytes: number) =>
    fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((all) => Buffer.from(all).toString('hex'));
  await fc.assert(
    fc.asyncProperty(
      hex(16),
      hex(16),
      fc.integer({ min: 1, max: 50 }),
      hex(1),
      async (nonce, salt, cost, keyPrefix) => {
        const parameters = { nonce, salt, cost, keyPrefix } as Challenge['parameters'];
        const [native, own] = [
          await keyFinder(crypto.subtle)(parameters, () => false),
          await keyFinder(undefined)(parameters, () => false),
        ];
        assert.deepEqual(own, native);
      },
    ),
    { numRuns: 10 },
  );
});

test('zero work is refused', async () => {
  const { altcha, issue } = createFixture();
  const challenge = await issue();
  const { keyPrefix } = challenge.parameters;
  const lies = [keyPrefix.padEnd(64, '0'), keyPrefix + keyPrefix, '0'.repeat(64), challenge.parameters.keySignature];
  for (const derivedKey of lies) {
    const result = await altcha.verify(packed(challenge, { counter: 0, derivedKey }), binding);
    assert.deepEqual(result, { ok: false, because: 'failed', why: 'not solved' });
  }
  for (const derivedKey of ['', keyPrefix, '00', null, undefined, 0]) {
    const result = await altcha.verify(packed(challenge, { counter: 0, derivedKey }), binding);
    assert.equal(result.ok, false, String(derivedKey));
  }
  // A true key of the first counter, found without searching.
  const first = await keyFinder(undefined)({ ...challenge.parameters, keyPrefix: '' }, () => false);
  const result = await altcha.verify(packed(challenge, first), binding);
  assert.deepEqual(result, { ok: false, because: 'failed', why: 'not solved' });
});

test('the counter must derive the key', async () => {
  const { altcha, issue } = createFixture();
  const challenge = await issue();
  const { counter, derivedKey } = await solve(challenge);
  for (const wrong of [counter + 1, 0, 0xffff_ffff]) {
    const result = await altcha.verify(packed(challenge, { counter: wrong, derivedKey }), binding);
    assert.deepEqual(result, { ok: false, because: 'failed', why: 'not solved' }, String(wrong));
  }
  const beyond = await altcha.verify(packed(challenge, { counter: 2 ** 32 + counter, derivedKey }), binding);
  assert.deepEqual(beyond, { ok: false, because: 'failed', why: 'malformed' });
  assert.equal((await altcha.verify(packed(challenge, { counter, derivedKey }), binding)).ok, true);
});

test('the most expensive challenge is within the range that the widget searches', async () => {
  const { issue } = createFixture({ derivations: 1_600, iterations: 1, random: () => Uint8Array.of(0, 0, 24, 255) });
  for (let i = 0; i < 8; i++) {
    const { counter } = await solve(await issue());
    assert.ok(counter <= 6_400, 'beyond the bound');
  }
});

test('a challenge whose key signature was taken away is refused', async () => {
  const { altcha, issue } = createFixture();
  const challenge = await issue();
  const { keySignature: _, ...parameters } = challenge.parameters;
  const result = await altcha.verify(packed({ ...challenge, parameters }, await solve(challenge)), binding);
  assert.deepEqual(result, { ok: false, because: 'failed', why: 'malformed' });
});

test('a solution to another challenge is refused', async () => {
  const { altcha, issue } = createFixture();
  const result = await altcha.verify(packed(await issue(), await solve(await issue())), binding);
  assert.deepEqual(result, { ok: false, because: 'failed', why: 'not solved' });
});

test('a challenge with any one field changed is refused', async () => {
  const { altcha, issue } = createFixture();
  const { parameters, signature } = await issue();
  const other = await issue({ ...binding, site: 'https://evil.example' });
  const changes: Partial<Challenge['parameters']>[] = [
    { cost: 1 },
    { nonce: other.parameters.nonce },
    { salt: other.parameters.salt },
    { keyPrefix: '00'.repeat(16) },
    { keySignature: other.parameters.keySignature },
    { data: { ...parameters.data, issuedAt: parameters.data.issuedAt + hour } },
    { data: { ...parameters.data, binding: other.parameters.data.binding } },
  ];
  for (const change of changes) {
    const tampered = { parameters: { ...parameters, ...change }, signature };
    const result = await altcha.verify(packed(tampered, await solve({ parameters, signature })), binding);
    assert.deepEqual(result, { ok: false, because: 'failed', why: 'tampered' }, JSON.stringify(change));
  }
  for (const sign of ['00'.repeat(32), other.signature]) {
    const result = await altcha.verify(
      packed({ parameters, signature: sign }, await solve({ parameters, signature })),
      binding,
    );
    assert.deepEqual(result, { ok: false, because: 'failed', why: 'tampered' });
  }
});

test('a challenge made under another secret is refused', async () => {
  const stranger = createFixture({ secret: new Uint8Array(32).fill(8) });
  const result = await createFixture().altcha.verify(await stranger.solved(), binding);
  assert.deepEqual(result, { ok: false, because: 'failed', why: 'tampered' });
});

test('a solution is invalid for another site, address or action', async () => {
  const { altcha, solved } = createFixture();
  const payload = await solved();
  const others = [
    { ...binding, site: 'https://evil.example' },
    { ...binding, addressBucket: '203.0.113.10/32' },
    { ...binding, action: 'slots' } as unknown as ChallengeBinding,
    // The same characters, split at a different place.
    { ...binding, site: 'https://shop.examplecall', action: '' } as unknown as ChallengeBinding,
  ];
  for (const other of others) {
    const result = await altcha.verify(payload, other);
    assert.deepEqual(result, { ok: false, because: 'failed', why: 'made for another site or address' });
  }
  assert.equal((await altcha.verify(payload, binding)).ok, true);
});

test('a solution is valid for five minutes', async () => {
  const { altcha, clock, solved } = createFixture();
  const payload = await solved();
  clock.time = start + 5 * minute - 1;
  assert.equal((await altcha.verify(payload, binding)).ok, true);
  clock.time = start + 5 * minute;
  assert.deepEqual(await altcha.verify(payload, binding), { ok: false, because: 'failed', why: 'expired' });
});

test('a clock that jumps never extends the life of a solution', async () => {
  const { altcha, clock, solved } = createFixture();
  const payload = await solved();
  for (const time of [
    start + hour,
    start - hour,
    start - 31_000,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]) {
    clock.time = time;
    assert.deepEqual(
      await altcha.verify(payload, binding),
      { ok: false, because: 'failed', why: 'expired' },
      String(time),
    );
  }
  // Another instance's clock may be a little behind.
  clock.time = start - 29_000;
  assert.equal((await altcha.verify(payload, binding)).ok, true);
});

test('a solution has one id however it is encoded, and the record of its use outlives a clock jump', async () => {
  const { altcha, issue } = createFixture();
  const challenge = await issue();
  const solution = await solve(challenge);
  const first = await altcha.verify(packed(challenge, solution), binding);
  const again = await altcha.verify(packed(challenge, solution, ' \n'), binding);
  assert.ok(first.ok, 'refused');
  assert.deepEqual(again, first);
  assert.ok(first.expiresAt >= start + 5 * minute + 24 * hour, 'forgotten too early');
  const another = await altcha.verify(packed(...(await pair(issue))), binding);
  assert.ok(another.ok && another.challengeId !== first.challengeId, 'the id of another');
});

async function pair(issue: () => Promise<Challenge>): Promise<[Challenge, Solution]> {
  const challenge = await issue();
  return [challenge, await solve(challenge)];
}

test('an oversized payload is not parsed', async () => {
  const { altcha, issue } = createFixture();
  const [challenge, solution] = await pair(issue);
  assert.equal((await altcha.verify(packed(challenge, solution, ' '.repeat(100)), binding)).ok, true);
  const result = await altcha.verify(packed(challenge, solution, ' '.repeat(2_000)), binding);
  assert.deepEqual(result, { ok: false, because: 'failed', why: 'malformed' });
});

test('anything else sent in place of a solution is refused and never throws', async () => {
  const { altcha, issue } = createFixture();
  const [challenge, solution] = await pair(issue);
  const proto = `{"challenge":${JSON.stringify(challenge)},"solution":${JSON.stringify(solution)},"__proto__":{}}`;
  const odd = ['', '=', '!', 'bnVsbA==', 'W10=', Buffer.from(proto).toString('base64')];
  for (const payload of odd) assert.equal((await altcha.verify(payload, binding)).ok, false, payload);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map((json) => Buffer.from(json).toString('base64')),
      ),
      async (payload) => {
        assert.equal((await altcha.verify(payload, binding)).ok, false);
      },
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.constantFrom('counter', 'derivedKey'), async (value, field) => {
      const result = await altcha.verify(packed(challenge, { counter: 0, derivedKey: '', [field]: value }), binding);
      assert.equal(result.ok, false);
    }),
  );
});

test('the price rises with recent requests from an address, up to a limit, and falls again', async () => {
  const { clock, issue } = createFixture({ derivations: 4, random: most });
  const price = async (from = binding): Promise<number> => (await solve(await issue(from))).counter / 4;
  const prices: number[] = [];
  for (let i = 0; i < 7; i++) prices.push(await price());
  assert.deepEqual(prices, [1, 1, 2, 4, 4, 4, 4]);
  assert.equal(await price({ ...binding, addressBucket: '203.0.113.10/32' }), 1);
  clock.time += 10 * minute;
  assert.equal(await price(), 1);
});

test('an address that is spread over several instances pays as much as at one', async () => {
  const instances = [0, 1, 2].map(() => createFixture({ derivations: 4, random: most, instances: 3 }));
  const prices: number[] = [];
  for (let round = 0; round < 3; round += 1)
    for (const { issue } of instances) prices.push((await solve(await issue())).counter / 4);
  assert.deepEqual(prices.slice(3), [4, 4, 4, 4, 4, 4], 'from the fourth challenge on, the highest price');
});

test('recent attempts from an address raise the price too', async () => {
  const { issue } = createFixture({ derivations: 4, random: most });
  const price = async (recentAttempts: number): Promise<number> => {
    const addressBucket = `203.0.113.${String(recentAttempts)}/32`;
    return (await solve(await issue({ ...binding, addressBucket, recentAttempts }))).counter / 4;
  };
  assert.deepEqual([await price(1), await price(2), await price(3), await price(20)], [1, 2, 4, 4]);
});

test('the first price is the one measured to take about a second on a phone', async () => {
  const standard = createAltcha({
    secret: new Uint8Array(32),
    clock: { now: () => start },
    random: () => Uint8Array.of(0, 0, 6, 63),
  });
  const dearest = await standard.issue(binding);
  assert.ok(dearest !== undefined, 'no challenge');
  assert.equal(dearest.parameters.cost * (await solve(dearest)).counter, 3_200_000);
});

test('while too many challenges are being created the next request gets none, and afterward it does', async () => {
  const { altcha } = createFixture({ mostAtOnce: 2 });
  const made = await Promise.all([altcha.issue(binding), altcha.issue(binding), altcha.issue(binding)]);
  assert.deepEqual(
    made.map((challenge) => challenge !== undefined),
    [true, true, false],
  );
  assert.notEqual(await altcha.issue(binding), undefined);
});

test('a failure while creating a challenge frees its slot', async () => {
  let isBroken = true;
  const { altcha } = createFixture({
    mostAtOnce: 1,
    random: () => {
      if (isBroken) throw new Error('no entropy');
      return most();
    },
  });
  await assert.rejects(altcha.issue(binding), /no entropy/);
  isBroken = false;
  assert.notEqual(await altcha.issue(binding), undefined);
});

test('neither site nor address can be read from a challenge', async () => {
  const text = JSON.stringify(await createFixture().issue());
  assert.doesNotMatch(text, /203\.0\.113|shop\.example/);
});

test('a short secret is refused at startup', () => {
  assert.throws(() => createFixture({ secret: new Uint8Array(31) }), /at least 32 bytes/);
});

test('a bounded number of addresses is tracked, and the count starts over when the clock is set back', () => {
  const clock = { time: start, now: () => clock.time };
  const recent = createRecentChallenges({ clock, most: 2 });
  assert.deepEqual([recent.count('a'), recent.count('a'), recent.count('b'), recent.count('c')], [0, 1, 0, 0]);
  assert.equal(recent.count('a'), 0, 'the oldest is forgotten');
  assert.equal(recent.count('c'), 1, 'the newer ones are not');
  clock.time = start - hour;
  assert.equal(recent.count('c'), 0);
  assert.equal(recent.count('c'), 1);
});
