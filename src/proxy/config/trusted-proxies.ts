// Parses TRUSTED_PROXIES: which proxies in front of this one may set the visitor's address. http/client-address.ts reads the
// header.

import ipaddr from 'ipaddr.js';
import { parseAddress, type TrustedProxies } from '../http/client-address.js';
import { accept, listOf, type Parse, type Parsed, reject } from './parse.js';

/** The shortest prefixes accepted: a wider range is not a list of proxies but half the internet. */
const shortest = { ipv4: 8, ipv6: 16 } as const;

/** A number of hops, or ranges. */
export const parseTrustedProxies: Parse<TrustedProxies> = (text, readFile) => {
  if (/^\d+$/.test(text)) {
    return /^(?:[1-9]|10)$/.test(text) ? accept({ kind: 'hops', hops: Number(text) }) : reject();
  }
  const ranges = listOf(parseRange)(text, readFile);
  return ranges.ok ? accept({ kind: 'ranges', ranges: ranges.value }) : ranges;
};

/** Names that other servers use for these ranges. */
const namedRanges: Readonly<Record<string, string>> = {
  loopback: '127.0.0.1,::1',
  localhost: '127.0.0.1,::1',
  private: '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
  uniquelocal: '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
};

function parseRange(text: string): Parsed<string> {
  const single = parseAddress(text);
  if (single !== undefined) return accept(`${single.toString()}/${single.kind() === 'ipv4' ? '32' : '128'}`);
  if (!ipaddr.isValidCIDR(text)) return reject({ part: text, didYouMean: namedRanges[text.toLowerCase()] });
  const [address, bits] = ipaddr.parseCIDR(text);
  return bits >= shortest[address.kind()] ? accept(text) : reject({ part: text });
}
