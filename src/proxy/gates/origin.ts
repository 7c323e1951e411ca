// Which pages may request calls. Origin is not authentication: a program can send any header. It keeps other pages from using a
// visitor's browser; every limit holds without it.

import { allow, refuse, type Verdict } from '../core/verdict.js';

/** CORS headers of a response. */
export type CorsHeaders = Readonly<Record<string, string>>;

/** Checks the origin of a request. */
export interface OriginGate {
  /** For writes: the Origin must be present and allowed, and Fetch Metadata must name a script's fetch. */
  toChange(headers: Headers): Verdict<string>;
  /** For reads: an absent Origin (same origin, or not a browser) passes. */
  toRead(headers: Headers): Verdict<string | undefined>;
  /** The requesting origin, if a read needs it. A page on the proxy's own origin sends no Origin with a GET. */
  siteOf(headers: Headers): Verdict<string>;
  /** Headers that let the page read the response; only `Vary` when the origin is not allowed. */
  cors(headers: Headers): CorsHeaders;
  /** Headers of the response to an allowed preflight. */
  preflight(headers: Headers): CorsHeaders;
}

const exposed = 'Retry-After, Idempotency-Replayed, RateLimit, X-Request-Id';
const accepted = 'authorization, content-type, idempotency-key, last-event-id';

/** Creates the gate. `origins` are compared exactly: scheme, host and port. `onRefused` receives the Origin of a page that is not allowed. */
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
      'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE',
      'Access-Control-Allow-Headers': accepted,
      // Two hours, Chromium's maximum.
      'Access-Control-Max-Age': '7200',
    }),
  };
}

/** Checks Fetch Metadata, if the browser sends it: a form, a frame, an image or a typed URL never requests a call. */
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
