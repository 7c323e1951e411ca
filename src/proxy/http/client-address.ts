// The client's address, and the buckets by which limits are counted. X-Forwarded-For is trusted only as far as trusted proxies
// reach; everything left of that is a client-supplied value.

import ipaddr from 'ipaddr.js';
import type { Log } from '../core/log.js';

/** Which proxies in front of this one may say who the client is. */
export type TrustedProxies =
  | { readonly kind: 'none' }
  /** Number of proxies that append to X-Forwarded-For, including the nearest. */
  | { readonly kind: 'hops'; readonly hops: number }
  /** Addresses of proxies, as CIDR ranges. */
  | { readonly kind: 'ranges'; readonly ranges: readonly string[] };

/** An address in the forms that limits and records need. */
export interface VisitorAddress {
  /** The bucket for limits per address: IPv4 /32, IPv6 /64 (a household or a server has a whole /64). */
  readonly bucket: string;
  /** IPv4 /24, IPv6 /48: the most a provider assigns to one customer, so rotation inside it is detected. */
  readonly networkPrefix: string;
  /** IPv4 /16, IPv6 /32: about what one provider has (RIRs assign IPv6 providers a /32). Whoever rents dozens of networks usually rents them there. */
  readonly providerPrefix: string;
  /** True for an address outside the public internet. */
  readonly isPrivate: boolean;
}

/** Finds the client. `peer` is the socket's address, `forwardedFor` the header as received, its lines joined in their order. */
export type AddressReader = (peer: string | undefined, forwardedFor: string | undefined) => VisitorAddress;

/** What is known about a peer before any header has arrived. */
export interface Peer {
  /** The bucket by which connections are counted: IPv4 /32, IPv6 /64. */
  readonly bucket: string;
  /** True for a trusted proxy: it carries many visitors, so its connections are not counted. */
  readonly isTrustedProxy: boolean;
}

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

const longestHeader = 2_048;
const mostEntries = 32;
/** How many addresses are remembered, and the longest header with which one is: 300 KB at most. */
const mostKnown = 1_024;
const longestKnown = 200;
/** Eight groups with an embedded IPv4 address: no address is longer. */
const longestAddress = 45;

/**
 * Prefixes whose last 32 bits are an IPv4 address: NAT64's well-known one (RFC 6052) and the /96s of its local-use one (RFC 8215).
 * A /64 of them holds all of IPv4: without unwrapping, everybody behind the translator would share one allowance.
 */
const nat64: readonly [ipaddr.IPv6, number][] = [
  [ipaddr.IPv6.parse('64:ff9b::'), 96],
  [ipaddr.IPv6.parse('64:ff9b:1::'), 48],
];

/** Parses strictly: four decimal parts, or IPv6 without a zone; IPv6 that carries an IPv4 address (mapped, NAT64) becomes that. Undefined for anything else. */
export function parseAddress(text: string): Ip | undefined {
  if (text.length > longestAddress) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return nat64.some((range) => address.match(range)) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/** Parses a socket's remote address, without the interface's zone. */
const parsePeer = (peer: string | undefined): Ip | undefined => parseAddress(peer?.split('%', 1)[0] ?? '');

type Ranges = readonly (readonly [Ip, number])[];

const parseRanges = (trusted: TrustedProxies): Ranges =>
  trusted.kind === 'ranges' ? trusted.ranges.map((range) => ipaddr.parseCIDR(range)) : [];

const isInside = (ip: Ip, ranges: Ranges): boolean =>
  ranges.some(([address, bits]) => ip.kind() === address.kind() && ip.match(address, bits));

/**
 * Creates the function that classifies peers. With a number of hops configured, every peer counts as a trusted proxy: their
 * addresses are unknown, and the setting implies that nobody else can reach the port.
 */
export function createPeerReader(trusted: TrustedProxies): (peer: string | undefined) => Peer {
  const ranges = parseRanges(trusted);
  return function readPeer(peer) {
    const ip = parsePeer(peer);
    if (ip === undefined) return { bucket: 'unknown', isTrustedProxy: trusted.kind === 'hops' };
    return { bucket: buckets(ip).bucket, isTrustedProxy: trusted.kind === 'hops' || isInside(ip, ranges) };
  };
}

/** Trusted ranges so wide that clients may be inside them: wider than IPv4 /24 or IPv6 /64. */
export const rangesThatMayHoldClients = (trusted: TrustedProxies): readonly string[] =>
  trusted.kind === 'ranges'
    ? trusted.ranges.filter((range) => {
        const [address, bits] = ipaddr.parseCIDR(range);
        return address.range() !== 'loopback' && bits < (address.kind() === 'ipv4' ? 24 : 64);
      })
    : [];

/** Creates the function that finds a client's address. Ranges are parsed once; the configuration has checked them. */
export function createAddressReader(trusted: TrustedProxies, log: Log): AddressReader {
  const ranges = parseRanges(trusted);
  const isTrusted = (ip: Ip): boolean => isInside(ip, ranges);
  const warned = new Set<string>();
  const warnOnce = (event: string, fields: Record<string, string>): void => {
    if (warned.has(event)) return;
    warned.add(event);
    log.warn(event, fields);
  };

  const wide = rangesThatMayHoldClients(trusted);
  if (wide.length > 0)
    log.warn('trusted-ranges-are-wide', {
      ranges: wide.join(' '),
      advice:
        'every address in TRUSTED_PROXIES may say who the visitor is: a client inside them escapes every limit by address; name the proxies alone',
    });

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

  function parse(peer: string | undefined, forwardedFor: string | undefined): VisitorAddress {
    const socket = parsePeer(peer);
    // Sockets without an address (pipes) share one bucket: having no address must never evade a limit.
    if (socket === undefined)
      return { bucket: 'unknown', networkPrefix: 'unknown', providerPrefix: 'unknown', isPrivate: true };
    const client = clientOf(socket, forwardedFor);
    const isPrivate = client.range() !== 'unicast';
    if (isPrivate && trusted.kind !== 'none')
      warnOnce('client-address-is-private', {
        advice:
          'TRUSTED_PROXIES is set but the client found is not a public address: a proxy is missing from the list, or sends no X-Forwarded-For',
      });
    return { ...buckets(client), isPrivate };
  }

  // A flood, and a visitor's requests, come under the same two texts: parsing an IPv6 address takes longer than all else that
  // refusing a request does (measured).
  const known = new Map<string, VisitorAddress>();
  return function readAddress(peer, forwardedFor) {
    if (peer === undefined || (forwardedFor?.length ?? 0) > longestKnown) return parse(peer, forwardedFor);
    const key = forwardedFor === undefined ? peer : `${peer}\n${forwardedFor}`;
    let address = known.get(key);
    if (address === undefined) {
      address = parse(peer, forwardedFor);
      if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '');
      known.set(key, address);
    }
    return address;
  };
}

/** The list in the header, leftmost first, bounded from the left: only the right end was written by a trusted proxy. */
function entriesOf(header: string | undefined): string[] {
  if (header === undefined) return [];
  return header
    .slice(-longestHeader)
    .split(',')
    .slice(-mostEntries)
    .map((entry) => entry.trim());
}

/** An entry may include a port: `203.0.113.9:51000`, `[2001:db8::1]:51000`, `[2001:db8::1]`. */
function parseEntry(entry: string): Ip | undefined {
  const bracketed = /^\[([\da-fA-F:.]+)\](?::\d{1,5})?$/.exec(entry)?.[1];
  if (bracketed !== undefined) return bracketed.includes(':') ? parseAddress(bracketed) : undefined;
  return parseAddress(/^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(entry)?.[1] ?? entry);
}

function buckets(ip: Ip): Omit<VisitorAddress, 'isPrivate'> {
  if (ip instanceof ipaddr.IPv4) {
    return { bucket: `${ip.toString()}/32`, networkPrefix: prefixed(ip, 24), providerPrefix: prefixed(ip, 16) };
  }
  return { bucket: prefixed(ip, 64), networkPrefix: prefixed(ip, 48), providerPrefix: prefixed(ip, 32) };
}

function prefixed(ip: Ip, bits: number): string {
  const bytes = ip.toByteArray().map((byte, index) => (index * 8 >= bits ? 0 : byte));
  return `${ipaddr.fromByteArray(bytes).toString()}/${String(bits)}`;
}
