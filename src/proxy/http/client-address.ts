// Who is knocking: the address of a request and the buckets limits are kept by. X-Forwarded-For is believed only as far as
// trusted proxies reach; everything left of that is the client's own word.

import ipaddr from 'ipaddr.js';
import type { Log } from '../core/log.js';

/** Which proxies in front of this one may say who the client is. */
export type TrustedProxies =
  | { readonly kind: 'none' }
  /** So many proxies append to X-Forwarded-For, the nearest included. */
  | { readonly kind: 'hops'; readonly hops: number }
  /** Addresses of proxies, as CIDR ranges. */
  | { readonly kind: 'ranges'; readonly ranges: readonly string[] };

/** An address as limits and records need it. */
export interface VisitorAddress {
  /** Who one limit is for: IPv4 /32, IPv6 /64 (a household or a server has a whole /64). */
  readonly bucket: string;
  /** IPv4 /24, IPv6 /48: what a provider hands to one customer at most, so rotation inside it is seen. */
  readonly networkPrefix: string;
  /** True for an address that is not of the public internet. */
  readonly isPrivate: boolean;
}

/** Finds out who asks. `peer` is the socket's address, `forwardedFor` the header as received. */
export type AddressReader = (peer: string | undefined, forwardedFor: string | undefined) => VisitorAddress;

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

const longestHeader = 2_048;
const mostEntries = 32;

/** Parses strictly: four decimal parts, or IPv6 without a zone; IPv4-mapped IPv6 becomes IPv4. Undefined for anything else. */
export function parseAddress(text: string): Ip | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Makes the reader. Ranges are parsed once; they were checked by the configuration. */
export function createAddressReader(trusted: TrustedProxies, log: Log): AddressReader {
  const ranges = trusted.kind === 'ranges' ? trusted.ranges.map((range) => ipaddr.parseCIDR(range)) : [];
  const isTrusted = (ip: Ip): boolean => ranges.some((range) => ip.kind() === range[0].kind() && ip.match(range));
  const warned = new Set<string>();
  const warnOnce = (event: string, fields: Record<string, string>): void => {
    if (warned.has(event)) return;
    warned.add(event);
    log.warn(event, fields);
  };

  function clientOf(peer: Ip, forwardedFor: string | undefined): Ip {
    switch (trusted.kind) {
      case 'none':
        if (forwardedFor !== undefined)
          warnOnce('forwarded-header-ignored', {
            advice:
              'X-Forwarded-For is present but TRUSTED_PROXIES is not set: all visitors behind a proxy share one allowance',
          });
        return peer;
      case 'hops': {
        const entries = entriesOf(forwardedFor);
        const client = entries.at(-trusted.hops);
        return (client === undefined ? undefined : parseEntry(client)) ?? peer;
      }
      case 'ranges': {
        if (!isTrusted(peer)) return peer;
        let nearest = peer;
        for (const entry of entriesOf(forwardedFor).reverse()) {
          const ip = parseEntry(entry);
          if (ip === undefined) return nearest;
          nearest = ip;
          if (!isTrusted(ip)) return ip;
        }
        return nearest;
      }
    }
  }

  return function readAddress(peer, forwardedFor) {
    const socket = parseAddress(peer?.replace(/%.*$/, '') ?? '');
    // A socket without an address (a pipe) shares one bucket: a limit must never be escaped by having no name.
    if (socket === undefined) return { bucket: 'unknown', networkPrefix: 'unknown', isPrivate: true };
    const client = clientOf(socket, forwardedFor);
    const isPrivate = client.range() !== 'unicast';
    if (isPrivate && trusted.kind !== 'none')
      warnOnce('client-address-is-private', {
        advice:
          'TRUSTED_PROXIES is set but the client found is not a public address: a proxy is missing from the list, or sends no X-Forwarded-For',
      });
    return { ...buckets(client), isPrivate };
  };
}

/** The list in the header, leftmost first, bounded from the left: only the right end was written by somebody trusted. */
function entriesOf(header: string | undefined): string[] {
  if (header === undefined) return [];
  return header
    .slice(-longestHeader)
    .split(',')
    .slice(-mostEntries)
    .map((entry) => entry.trim());
}

/** An entry may carry a port: `203.0.113.9:51000`, `[2001:db8::1]:51000`, `[2001:db8::1]`. */
function parseEntry(entry: string): Ip | undefined {
  const bracketed = /^\[([\da-fA-F:.]+)\](?::\d{1,5})?$/.exec(entry)?.[1];
  if (bracketed !== undefined) return bracketed.includes(':') ? parseAddress(bracketed) : undefined;
  return parseAddress(/^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(entry)?.[1] ?? entry);
}

function buckets(ip: Ip): { bucket: string; networkPrefix: string } {
  if (ip instanceof ipaddr.IPv4) return { bucket: `${ip.toString()}/32`, networkPrefix: prefixed(ip, 24) };
  return { bucket: prefixed(ip, 64), networkPrefix: prefixed(ip, 48) };
}

function prefixed(ip: Ip, bits: number): string {
  const bytes = ip.toByteArray().map((byte, index) => (index * 8 >= bits ? 0 : byte));
  return `${ipaddr.fromByteArray(bytes).toString()}/${String(bits)}`;
}
