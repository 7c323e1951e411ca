// GET /v1/site: what the widget must know before the visitor types. Public, and the same for every visitor except for the country
// hint from a CDN's header.

import parsePhoneNumber, { type CountryCode, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { optOutPath, type Site } from '../../contract.js';
import type { AppContext } from '../http/context.js';
import { matchesEtag } from '../http/list-headers.js';
import type { TimeToRing } from '../calls/time-to-ring.js';
import type { Clock } from '../core/clock.js';
import type { ProxyConfig } from '../config/config.js';
import { consentVersion } from '../gates/consent.js';
import type { Hours } from '../hours/hours.js';
import { etagOf } from '../static/static-file.js';

/** Dependencies of the handler. */
export interface SiteDeps {
  readonly config: ProxyConfig;
  /** URL path of the metadata slice. */
  readonly phoneMetadata: string;
  readonly hours: Hours | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly hintOf: (headers: Headers) => { readonly countryHint?: string };
  /** Whether PolyAI rejects the credential: then no call is possible, and the page shows its fallback instead of a form. */
  readonly credential: { isRefused(): boolean };
  readonly timeToRing: TimeToRing;
  /** Only in the sandbox. */
  readonly testNumbers: Site['testNumbers'] | undefined;
}

/** Creates the handler of `GET /v1/site`. Everything constant is assembled once. */
export function createSite(deps: SiteDeps): (c: AppContext) => Response {
  const { config, hours, clock, hintOf, phoneMetadata, credential, testNumbers, timeToRing } = deps;
  const { consentText, ...shown } = config.site;
  const fixed: Omit<Site, 'opening' | 'countryHint'> = {
    sandbox: config.sandbox,
    ...shown,
    countries: config.countries,
    callingCodes: callingCodesOf(config.countries),
    formattedNumbers: formattedNumbers([config.site.callerId, config.site.phone]),
    ...(consentText !== undefined && { consent: { text: consentText, version: consentVersion(consentText) } }),
    challenge: {
      kind: config.challenge.kind,
      ...(config.challenge.kind === 'turnstile' && { siteKey: config.challenge.siteKey }),
    },
    phoneMetadata,
    scheduling: hours !== undefined && config.limits.values.scheduled > 0,
    ...(testNumbers !== undefined && { testNumbers }),
    ...(config.optOutPage && { optOutPath }),
    metadataKeys: config.metadataKeys,
    ...((config.outcomes || config.verificationPhrase || config.redialAfterMinutes !== undefined) && {
      followUp: true as const,
    }),
  };
  // With a hint the answer is this visitor's own: no shared cache may keep it.
  // The sandbox's clock can be set: what was true a moment ago may not be.
  const cacheControl = `${config.countryHeader === undefined ? 'public' : 'private'}, max-age=${config.sandbox ? '0' : '60'}`;

  return function site(c) {
    const opening = credential.isRefused() ? noCalls : openingOf(hours, clock.now());
    const usuallyRingsInSeconds = timeToRing.seconds();
    const ringing = usuallyRingsInSeconds !== undefined && { usuallyRingsInSeconds, followUp: true as const };
    const site: Site = { ...fixed, ...hintOf(c.req.raw.headers), opening, ...ringing };
    const body = JSON.stringify(site);
    const etag = etagOf(new TextEncoder().encode(body));
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': cacheControl, ETag: etag };
    if (matchesEtag(c.req.raw.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
    return new Response(body, { headers });
  };
}

const noCalls: Site['opening'] = { open: false, mode: 'hide' };

function openingOf(hours: Hours | undefined, now: number): Site['opening'] {
  const verdict = hours?.opening(now) ?? { open: true };
  if (verdict.open) return { open: true };
  const next = verdict.nextOpen === undefined ? {} : { next: new Date(verdict.nextOpen).toISOString() };
  return { open: false, mode: verdict.whenClosed, ...next };
}

/** Numbers as people write them, by E.164. */
function formattedNumbers(numbers: readonly (string | undefined)[]): Record<string, string> {
  const formatted = numbers.flatMap((number) => {
    const parsed = number === undefined ? undefined : parsePhoneNumber(number);
    return number === undefined || parsed === undefined ? [] : [[number, parsed.formatInternational()] as const];
  });
  return Object.fromEntries(formatted);
}

function callingCodesOf(countries: readonly string[]): Record<string, string> {
  const known = countries.filter((country): country is CountryCode => isSupportedCountry(country));
  return Object.fromEntries(known.map((country) => [country, getCountryCallingCode(country)]));
}
