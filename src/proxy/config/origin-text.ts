// Parses an origin as operators write it, and suggests the one that was meant. Which pages may request a call is gates/origin.ts.

import { accept, isWebUrl, type Parsed, reject, withHttps } from './parse.js';

/** Exactly what a browser sends: scheme, host in ASCII, port unless it is the scheme's. */
export function parseOrigin(text: string): Parsed<string> {
  const url = isWebUrl(text) ? text : withHttps(text);
  if (url === undefined) return reject({ part: text, didYouMean: severalOrigins(text) });
  const { origin, hostname } = new URL(url);
  // A URL may contain a star; an origin sent by a browser never does.
  if (hostname.includes('*')) return reject({ part: text, didYouMean: origin.replace('*.', 'www.') });
  return origin === text ? accept(origin) : reject({ part: text, didYouMean: origin });
}

/** True for a loopback origin, which no other visitor's browser can have. */
export function isLoopbackOrigin(origin: string): boolean {
  const { hostname } = new URL(origin);
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Origins separated by something other than commas, as a list. */
function severalOrigins(text: string): string | undefined {
  const parts = text.split(/[\s;|]+/).filter((part) => part !== '');
  const origins = parts.map((part) => (isWebUrl(part) ? part : withHttps(part)));
  if (parts.length < 2 || origins.some((url) => url === undefined)) return undefined;
  return origins.map((url) => new URL(url ?? '').origin).join(',');
}
