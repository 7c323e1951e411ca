// GET /configurator/origin?origin=…: whether a page of that origin may request calls, for the configurator. It reveals what
// anyone can find out by sending `GET /v1/site` with that Origin, one origin at a time, and never the list.

import type { AppContext, Handler } from '../http/context.js';
import { problemResponse } from '../http/problem.js';

/** URL path of the route. */
export const originCheckPath = '/configurator/origin';

/** The longest possible origin: scheme, a host name of 253 characters, port. */
const maxLength = 270;

/** The response. `near`: an allowed origin that differs only in `www.` or the scheme, and is easily confused with this one. */
export interface OriginCheck {
  readonly allowed: boolean;
  readonly near?: string;
}

/** Creates the handler. `origins`: the allowed ones. It costs a few set lookups, and logs and stores nothing. */
export function createOriginCheck(origins: readonly string[]): Handler {
  const allowed = new Set(origins);
  return function originCheck(c: AppContext): Response {
    const origin = c.req.query('origin') ?? '';
    if (!isOrigin(origin)) return problemResponse(c, { code: 'invalid-request' });
    const near = allowed.has(origin) ? undefined : variantsOf(origin).find((variant) => allowed.has(variant));
    const answer: OriginCheck = { allowed: allowed.has(origin), ...(near !== undefined && { near }) };
    // No CORS headers: pages of other origins cannot read it.
    return Response.json(answer, { headers: { 'Cache-Control': 'no-store' } });
  };
}

/** Exactly what a browser sends as `Origin`. */
function isOrigin(text: string): boolean {
  if (text.length > maxLength || !/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  return new URL(text).origin === text;
}

/** With and without `www.`, and with the other scheme; never another port, because a stranger could then search for one. */
function variantsOf(origin: string): readonly string[] {
  const { protocol, host, port } = new URL(origin);
  const otherHost = host.startsWith('www.') ? host.slice('www.'.length) : `www.${host}`;
  const schemes = port === '' ? [protocol, protocol === 'https:' ? 'http:' : 'https:'] : [protocol];
  return schemes
    .flatMap((scheme) => [`${scheme}//${host}`, `${scheme}//${otherHost}`])
    .filter((variant) => variant !== origin);
}
