// Which pages may ask. Origin is not authentication: a program can send any header. It keeps other people's pages from
// using a visitor's browser; every limit holds without it.

import { allow, refuse, type Verdict } from '../core/verdict.js';

/** What a response to an allowed origin carries. */
export type CorsHeaders = Readonly<Record<string, string>>;

/** Asks about the origin of a request. */
export interface OriginGate {
  /** For what changes something: the Origin must be there and allowed, and the browser must say that a script's fetch asks. */
  toChange(headers: Headers): Verdict<string>;
  /** For what is only read: an absent Origin (same origin, or not a browser) passes. */
  toRead(headers: Headers): Verdict<string | undefined>;
  /** The allowed origin that asks, where it must be known to read. A page of the proxy's own origin sends no Origin with a GET. */
  siteOf(headers: Headers): Verdict<string>;
  /** Headers that let the page read the answer; only `Vary` when the origin is not allowed. */
  cors(headers: Headers): CorsHeaders;
  /** Headers of the answer to an allowed preflight. */
  preflight(headers: Headers): CorsHeaders;
}

const exposed = 'Retry-After, Idempotency-Replayed, RateLimit, X-Request-Id';
const accepted = 'authorization, content-type, idempotency-key, last-event-id';

/** Makes the gate. `origins` are compared as they are: scheme, host and port, character by character. `onRefused`: receives the Origin of a page that is not allowed. */
export function createOriginGate(
  origins: readonly string[],
  onRefused: (origin: string | null) => void = () => {},
): OriginGate {
  const allowed = new Set(origins);
  const refuseOrigin = (origin: string | null): Verdict<never> => {
    onRefused(origin);
    return refuse({ code: 'origin-not-allowed' });
  };

  function cors(headers: Headers): CorsHeaders {
    const origin = headers.get('origin');
    if (origin === null || !allowed.has(origin)) return { Vary: 'Origin' };
    return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': exposed };
  }

  return {
    toChange(headers) {
      const origin = headers.get('origin');
      if (origin === null || !allowed.has(origin)) return refuseOrigin(origin);
      return isScriptFetch(headers) ? allow(origin) : refuse({ code: 'origin-not-allowed' });
    },
    toRead(headers) {
      const origin = headers.get('origin');
      if (origin === null) return allow(undefined);
      return allowed.has(origin) ? allow(origin) : refuseOrigin(origin);
    },
    siteOf(headers) {
      const host = headers.get('sec-fetch-site') === 'same-origin' ? headers.get('host') : null;
      const origin = headers.get('origin') ?? origins.find((one) => new URL(one).host === host);
      return origin !== undefined && allowed.has(origin) ? allow(origin) : refuseOrigin(origin ?? null);
    },
    cors,
    preflight: (headers) => ({
      ...cors(headers),
      Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'Access-Control-Allow-Methods': 'GET, POST, DELETE',
      'Access-Control-Allow-Headers': accepted,
      // Two hours: what Chromium keeps at most.
      'Access-Control-Max-Age': '7200',
    }),
  };
}

/** Fetch Metadata, where the browser sends it: a form, a frame, an image or a typed address never asks for a call. */
function isScriptFetch(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  const mode = headers.get('sec-fetch-mode');
  const dest = headers.get('sec-fetch-dest');
  return (
    (site === null || site === 'same-origin' || site === 'same-site' || site === 'cross-site') &&
    (mode === null || mode === 'cors' || mode === 'same-origin') &&
    (dest === null || dest === 'empty')
  );
}
