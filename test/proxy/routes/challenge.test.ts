// The challenge on the trigger path: required by default, bound to its requester, used once, and limited for each address.

import assert from 'node:assert/strict';
import { pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import type { Challenge, ChallengeAnswer } from '../../../src/contract.js';
import { acceptedOf, callRequest, origin, problemOf, type Fixture, createFixture } from '../fixtures/app.js';

const address = '203.0.113.7';
const env = {
  CHALLENGE: 'altcha',
  ALLOWED_ORIGINS: `${origin},https://shop.example.com`,
  LIMIT_ADDRESS_PER_MINUTE: '10',
};

const ask = (fixture: Fixture, from: string | undefined = origin, at: string = address): Promise<Response> =>
  fixture.request('/v1/challenge', { address: at, headers: from === undefined ? {} : { Origin: from } });

/** Solves it as the page does. */
function solve({ parameters, signature }: Challenge): ChallengeAnswer {
  const { nonce, salt, cost, keyLength, keyPrefix } = parameters;
  for (let counter = 0; ; counter += 1) {
    const password = Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.alloc(4)]);
    password.writeUInt32BE(counter, password.length - 4);
    const derivedKey = pbkdf2Sync(password, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256').toString('hex');
    if (!derivedKey.startsWith(keyPrefix)) continue;
    const payload = { challenge: { parameters, signature }, solution: { counter, derivedKey } };
    return { kind: 'altcha', payload: Buffer.from(JSON.stringify(payload)).toString('base64') };
  }
}

test('no call without a solution, one call with it, and none when it is reused or sent from elsewhere', async () => {
  const fixture = createFixture({ env });
  assert.equal((await problemOf(await fixture.post(callRequest(), { address }))).code, 'challenge-required');
  const challenge = solve((await (await ask(fixture)).json()) as Challenge);
  const elsewhere = await fixture.post(callRequest({ challenge }), { address: '198.51.100.9' });
  assert.equal((await problemOf(elsewhere)).code, 'challenge-failed');
  const otherSite = await fixture.post(callRequest({ challenge }), {
    address,
    headers: { Origin: 'https://shop.example.com' },
  });
  assert.equal((await problemOf(otherSite)).code, 'challenge-failed');
  assert.equal(fixture.triggers.length, 0);
  await acceptedOf(await fixture.post(callRequest({ challenge }), { address }));
  const again = await fixture.post(callRequest({ challenge, phone: '+442079460001' }), { address });
  assert.equal((await problemOf(again)).code, 'challenge-failed');
  assert.equal(fixture.triggers.length, 1);
});

test('only allowed pages get a challenge', async () => {
  const fixture = createFixture({ env });
  assert.equal((await ask(fixture, 'https://evil.example')).status, 403);
  assert.equal((await ask(fixture, '')).status, 403);
  const none = await fixture.request('/v1/challenge');
  assert.equal(none.status, 403);
});

test('challenges are limited for each address', async () => {
  const fixture = createFixture({ env });
  // As many as its attempts: more would be useless.
  for (let i = 0; i < 20; i += 1) assert.equal((await ask(fixture)).status, 200);
  assert.equal((await problemOf(await ask(fixture))).code, 'visitor-limit');
  assert.equal((await ask(fixture, origin, '198.51.100.9')).status, 200);
  fixture.clock.advance(10 * 60_000);
  assert.equal((await ask(fixture)).status, 200);
});
