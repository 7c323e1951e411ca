// The client's address: a table of peers and headers, and the buckets that limits are counted by.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createAddressReader,
  createPeerReader,
  parseAddress,
  rangesThatMayHoldClients,
  type TrustedProxies,
} from '../../../src/proxy/http/client-address.js';
import { createLog, silentLog } from '../../../src/proxy/core/log.js';
import { workOf } from '../../fixtures/work.js';

const none: TrustedProxies = { kind: 'none' };
const hops = (count: number): TrustedProxies => ({ kind: 'hops', hops: count });
const ranges = (...list: string[]): TrustedProxies => ({ kind: 'ranges', ranges: list });
const inside = ranges('10.0.0.0/8', 'fd00::/16');

const rows: readonly (readonly [
  what: string,
  trusted: TrustedProxies,
  peer: string | undefined,
  header: string | undefined,
  bucket: string,
])[] = [
  ['the socket is the visitor', none, '203.0.113.7', undefined, '203.0.113.7/32'],
  ['a header from an untrusted peer is ignored', none, '203.0.113.7', '198.51.100.1', '203.0.113.7/32'],
  ['IPv4 inside IPv6 is IPv4', none, '::ffff:203.0.113.7', undefined, '203.0.113.7/32'],
  ['IPv6 by /64', none, '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
  ['an interface zone is not part of the address', none, 'fe80::1%eth0', undefined, 'fe80::/64'],
  ['missing addresses share one bucket', none, undefined, undefined, 'unknown'],
  ['nonsense shares one bucket', none, 'pipe', undefined, 'unknown'],
  ['one hop: the last entry', hops(1), '10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9/32'],
  ['two hops: the last but one', hops(2), '10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9/32'],
  ['fewer entries than hops: the socket', hops(2), '203.0.113.7', '198.51.100.1', '203.0.113.7/32'],
  ['hops without a header: the socket', hops(1), '203.0.113.7', undefined, '203.0.113.7/32'],
  ['hops with nonsense: the socket', hops(1), '203.0.113.7', 'unknown', '203.0.113.7/32'],
  ['a peer outside the ranges speaks for itself', inside, '203.0.113.7', '198.51.100.1', '203.0.113.7/32'],
  ['a trusted peer supplies the visitor’s address', inside, '10.1.2.3', '203.0.113.9', '203.0.113.9/32'],
  [
    'from the right, trusted ones are skipped',
    inside,
    '10.1.2.3',
    '198.51.100.1, 203.0.113.9, 10.9.9.9',
    '203.0.113.9/32',
  ],
  [
    'entries the client added itself are not reached',
    inside,
    '10.1.2.3',
    '10.0.0.1, 198.51.100.1, 203.0.113.9',
    '203.0.113.9/32',
  ],
  ['all trusted: the farthest', inside, '10.1.2.3', '10.0.0.7, 10.0.0.8', '10.0.0.7/32'],
  [
    'nonsense stops the walk at the last valid entry',
    inside,
    '10.1.2.3',
    '203.0.113.9, <script>, 10.0.0.8',
    '10.0.0.8/32',
  ],
  ['an empty entry stops the walk', inside, '10.1.2.3', '203.0.113.9,', '10.1.2.3/32'],
  ['no header from a trusted peer', inside, '10.1.2.3', undefined, '10.1.2.3/32'],
  ['entries with ports', inside, '10.1.2.3', '203.0.113.9:51000', '203.0.113.9/32'],
  ['IPv6 entries with ports', inside, 'fd00::1', '[2001:db8::1]:51000', '2001:db8::/64'],
  ['mapped entries', inside, '::ffff:10.1.2.3', '::ffff:203.0.113.9', '203.0.113.9/32'],
  ['NAT64 is IPv4', none, '64:ff9b::203.0.113.7', undefined, '203.0.113.7/32'],
  ['NAT64 in hex is IPv4', none, '64:ff9b::cb00:7109', undefined, '203.0.113.9/32'],
  ['local-use NAT64 is IPv4', none, '64:ff9b:1:7::cb00:7109', undefined, '203.0.113.9/32'],
  ['an address that only resembles NAT64 is IPv6', none, '64:ff9c::cb00:7109', undefined, '64:ff9c::/64'],
  ['NAT64 entries', inside, '10.1.2.3', '64:ff9b::203.0.113.9', '203.0.113.9/32'],
  ['an entry longer than any address', inside, '10.1.2.3', `${'0'.repeat(60)}::1`, '10.1.2.3/32'],
  ['octal, hex and short forms are not addresses', inside, '10.1.2.3', '0313.0.113.9', '10.1.2.3/32'],
  ['a single number is not an address', inside, '10.1.2.3', '3405803785', '10.1.2.3/32'],
  ['an address with a zone in the header is not an address', inside, '10.1.2.3', 'fe80::1%25eth0', '10.1.2.3/32'],
  ['a range in the header is not an address', inside, '10.1.2.3', '203.0.113.0/24', '10.1.2.3/32'],
  [
    'a thousand entries: only the rightmost count',
    inside,
    '10.1.2.3',
    `${'198.51.100.1, '.repeat(1_000)}203.0.113.9`,
    '203.0.113.9/32',
  ],
  [
    'a thousand trusted entries are read only up to the bound',
    inside,
    '10.1.2.3',
    `203.0.113.9, ${'10.0.0.1, '.repeat(1_000)}10.0.0.2`,
    '10.0.0.1/32',
  ],
  [
    'forty trusted entries exceed any real chain of proxies',
    inside,
    '10.1.2.3',
    `203.0.113.9, ${'10.0.0.1,'.repeat(40)}10.0.0.2`,
    '10.0.0.1/32',
  ],
];

for (const [what, trusted, peer, header, bucket] of rows) {
  test(what, () => {
    assert.equal(createAddressReader(trusted, silentLog)(peer, header).bucket, bucket);
  });
}

test('network prefixes are /24 and /48', () => {
  const read = createAddressReader(none, silentLog);
  assert.equal(read('203.0.113.7', undefined).networkPrefix, '203.0.113.0/24');
  assert.equal(read('2001:db8:1:2:3:4:5:6', undefined).networkPrefix, '2001:db8:1::/48');
  assert.equal(read('203.0.113.7', undefined).providerPrefix, '203.0.0.0/16');
  assert.equal(read('2001:db8:1:2:3:4:5:6', undefined).providerPrefix, '2001:db8::/32');
});

test('only dotted quads in decimal and IPv6 are addresses', () => {
  for (const text of [
    '',
    ' ',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '0x1.2.3.4',
    '1.2.3.4 ',
    ':',
    ':::',
    '1::2::3',
    '::ffff:1.2.3.999',
    '2001:db8::g',
  ])
    assert.equal(parseAddress(text), undefined, JSON.stringify(text));
});

test('a forwarded header from an untrusted peer is warned about once', () => {
  const lines: string[] = [];
  const read = createAddressReader(none, createLog({ write: (line) => lines.push(line), clock: { now: () => 0 } }));
  for (let i = 0; i < 3; i += 1) read('10.0.0.1', '203.0.113.9');
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /forwarded-header-ignored.*TRUSTED_PROXIES/);
});

test('trusted proxies that forward no client address are warned about once', () => {
  const lines: string[] = [];
  const read = createAddressReader(
    ranges('10.0.0.0/24'),
    createLog({ write: (line) => lines.push(line), clock: { now: () => 0 } }),
  );
  read('10.0.0.1', '8.8.8.8');
  assert.equal(lines.length, 0);
  for (let i = 0; i < 3; i += 1) read('10.0.0.1', undefined);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /client-address-is-private/);
});

test('ranges wide enough to include clients are warned about', () => {
  const wide = (...list: string[]): readonly string[] => rangesThatMayHoldClients(ranges(...list));
  assert.deepEqual(wide('10.0.0.0/24', '192.0.2.7/32', 'fd00:1:2:3::/64', '127.0.0.0/8', '::1/128'), []);
  assert.deepEqual(wide('10.0.0.0/8', '104.16.0.0/13', '2606:4700::/32'), [
    '10.0.0.0/8',
    '104.16.0.0/13',
    '2606:4700::/32',
  ]);
  const lines: string[] = [];
  createAddressReader(inside, createLog({ write: (line) => lines.push(line), clock: { now: () => 0 } }));
  assert.match(lines.join(), /trusted-ranges-are-wide.*10\.0\.0\.0\/8 fd00::\/16.*name the proxies alone/);
});

test('connections count for their own address, and trusted proxies are recognized', () => {
  const peers = createPeerReader(ranges('10.0.0.0/24'));
  assert.deepEqual(peers('203.0.113.7'), { bucket: '203.0.113.7/32', isTrustedProxy: false });
  assert.deepEqual(peers('::ffff:10.0.0.7'), { bucket: '10.0.0.7/32', isTrustedProxy: true });
  assert.deepEqual(peers(undefined), { bucket: 'unknown', isTrustedProxy: false });
  assert.equal(createPeerReader(none)('10.0.0.7').isTrustedProxy, false);
  assert.equal(createPeerReader(hops(1))('203.0.113.7').isTrustedProxy, true);
});

test('the requests of one visitor parse its address once', () => {
  const read = createAddressReader({ kind: 'hops', hops: 1 }, silentLog);
  const first = workOf(() => read('127.0.0.1', '2001:db8:1:2:3:4:5:6'));
  const again = workOf(() => read('127.0.0.1', '2001:db8:1:2:3:4:5:6'));
  assert.ok(again < 100 && first > 1_000, `${String(first)}, then ${String(again)} steps`);
  // Only so many are remembered, and no long header.
  for (let n = 0; n < 1_100; n += 1) read('127.0.0.1', `203.0.113.${String(n % 256)}, 198.51.100.${String(n >> 8)}`);
  assert.equal(
    workOf(() => read('127.0.0.1', '2001:db8:1:2:3:4:5:6')),
    first,
  );
  const long = `${'203.0.113.9, '.repeat(30)}198.51.100.7`;
  assert.equal(
    workOf(() => read('127.0.0.1', long)),
    workOf(() => read('127.0.0.1', long)),
  );
});

test('an address that is remembered is that of the same peer and the same header', () => {
  const texts = ['203.0.113.9', '203.0.113.9, 198.51.100.7', '198.51.100.7', '2001:db8::1', '', '10.0.0.7', undefined];
  const peers = ['10.0.0.7', '198.51.100.20', '10.0.0.8', '::1', undefined];
  const trusted = { kind: 'ranges', ranges: ['10.0.0.0/24'] } as const;
  const read = createAddressReader(trusted, silentLog);
  for (let round = 0; round < 2; round += 1)
    for (const peer of peers)
      for (const text of texts)
        assert.deepEqual(
          read(peer, text),
          createAddressReader(trusted, silentLog)(peer, text),
          `${peer ?? 'no peer'} ${text ?? 'no header'}`,
        );
});
