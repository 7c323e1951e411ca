// TRUSTED_PROXIES: who in front of this proxy may say who the visitor is.

import ipaddr from 'ipaddr.js';
import { parseAddress, type TrustedProxies } from '../http/client-address.js';
import type { Reader } from './env-reader.js';

/** Shortest prefixes believed: a wider range is no list of proxies but half the internet. */
const shortest = { ipv4: 8, ipv6: 16 } as const;

/** Reads a hop count or a list of ranges; nothing set is nobody trusted. */
export function readTrustedProxies(reader: Reader): TrustedProxies {
  const name = 'TRUSTED_PROXIES';
  const expected =
    'a number of proxies from 1 to 10, or ranges such as 10.0.0.0/8 (none wider than /8, or /16 in IPv6)';
  const text = reader.text(name);
  if (text === undefined) return { kind: 'none' };
  if (/^\d+$/.test(text)) {
    const hops = reader.optional(name, expected, (count) => (/^(?:[1-9]|10)$/.test(count) ? Number(count) : undefined));
    return hops === undefined ? { kind: 'none' } : { kind: 'hops', hops };
  }
  return { kind: 'ranges', ranges: reader.list(name, expected, range) ?? [] };
}

function range(text: string): string | undefined {
  const single = parseAddress(text);
  if (single !== undefined) return `${single.toString()}/${single.kind() === 'ipv4' ? '32' : '128'}`;
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(text);
  return bits >= shortest[address.kind()] ? text : undefined;
}
