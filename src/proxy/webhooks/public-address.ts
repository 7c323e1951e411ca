// The address that a message is sent to: resolved once, checked, and pinned, so that a name cannot lead into the operator's own network, not
// even one that resolves differently the second time (DNS rebinding).

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A resolved address. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves a host name to all of its addresses. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** The system's resolver. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/** An address to connect to, or one of our reasons. */
export type Pinned =
  | { readonly kind: 'address'; readonly address: ResolvedAddress }
  | { readonly kind: 'refused'; readonly reason: 'private-address' | 'dns-failed' };

/** Resolves and checks. Refused as a whole when a single one of the addresses is not public. */
export async function pinAddress(hostname: string, allowPrivate: boolean, resolve: Resolve): Promise<Pinned> {
  // URL keeps the brackets of an IPv6 address, and has normalized every way of writing an IPv4 address.
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  let found: readonly ResolvedAddress[];
  try {
    found = family === 0 ? await resolve(host) : [{ address: host, family: family === 6 ? 6 : 4 }];
  } catch {
    return { kind: 'refused', reason: 'dns-failed' };
  }
  const [address] = found;
  if (address === undefined) return { kind: 'refused', reason: 'dns-failed' };
  if (!allowPrivate && !found.every((one) => isPublic(one.address)))
    return { kind: 'refused', reason: 'private-address' };
  return { kind: 'address', address };
}

/** Prefixes of IPv6 that contain an IPv4 address, and where in the 16 bytes it begins (RFC 6052, RFC 8215, RFC 3056, RFC 4291). */
const embedding: readonly (readonly [prefix: string, bits: number, at: number])[] = [
  ['64:ff9b::', 96, 12],
  ['2002::', 16, 2],
  ['::', 96, 12],
];

/** True for an address on the public Internet: not private, loopback, link-local (cloud metadata), multicast, reserved, nor one of these inside IPv6. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `process` turns an IPv4-mapped address into its IPv4 address.
  const parsed = ipaddr.process(address.replace(/%.*$/, ''));
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast' && !isSpecial(parsed);
  for (const [prefix, bits, at] of embedding) {
    if (!parsed.match(ipaddr.IPv6.parse(prefix), bits)) continue;
    const inner = parsed.toByteArray().slice(at, at + 4);
    return isPublic(inner.join('.'));
  }
  // 2000::/3 is all that is assigned to the public (IANA); within it the library knows the reserved parts.
  return parsed.match(ipaddr.IPv6.parse('2000::'), 3) && parsed.range() === 'unicast';
}

/** Special-purpose ranges that the library counts as ordinary ones (IANA IPv4 Special-Purpose Address Registry). */
const special = [
  '192.88.99.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '168.63.129.16/32',
];
const isSpecial = (address: ipaddr.IPv4): boolean =>
  special.some((range) => address.match(ipaddr.IPv4.parseCIDR(range)));
