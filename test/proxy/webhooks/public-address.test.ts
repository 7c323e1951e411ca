// Where a message may go: never into a private network, however the address is written or resolved.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublic, pinAddress, type Resolve } from '../../../src/proxy/webhooks/public-address.js';

const privateOnes = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '2002:7f00:1::1',
  '2002:a9fe:a9fe::',
  '2001:0:53aa:64c:0:fbff:80ff:fffe',
  '2001:db8::1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd00:ec2::254',
  'fec0::1',
  'ff02::1',
  '100::1',
  '4000::1',
  'not an address',
  '',
];
for (const address of privateOnes)
  test(`not public: ${address}`, () => {
    assert.equal(isPublic(address), false);
  });

for (const address of [
  '8.8.8.8',
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])
  test(`public: ${address}`, () => {
    assert.equal(isPublic(address), true);
  });

const resolving =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
const never: Resolve = () => Promise.reject(new Error('resolved'));

test('a name is resolved once, and its first address is used', async () => {
  const pinned = await pinAddress('hooks.example', false, resolving('8.8.8.8', '1.1.1.1'));
  assert.deepEqual(pinned, { kind: 'address', address: { address: '8.8.8.8', family: 4 } });
});

test('a name with one private address is refused as a whole', async () => {
  const refused = { kind: 'refused', reason: 'private-address' };
  assert.deepEqual(await pinAddress('hooks.example', false, resolving('8.8.8.8', '10.0.0.1')), refused);
  assert.deepEqual(await pinAddress('hooks.example', false, resolving('::ffff:127.0.0.1')), refused);
});

test('an address in any notation that URL accepts is checked, without a resolver', async () => {
  for (const url of [
    'https://127.1/',
    'https://0x7f.0.0.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://１２７.0.0.1/',
  ]) {
    const { kind } = await pinAddress(new URL(url).hostname, false, never);
    assert.equal(kind, 'refused', url);
  }
});

test('a private address is used where the operator allows it, and a name without addresses is not', async () => {
  assert.equal((await pinAddress('127.0.0.1', true, never)).kind, 'address');
  const failed = { kind: 'refused', reason: 'dns-failed' };
  assert.deepEqual(await pinAddress('gone.example', true, never), failed);
  assert.deepEqual(await pinAddress('gone.example', true, resolving()), failed);
});
