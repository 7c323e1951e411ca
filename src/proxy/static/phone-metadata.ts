// The slice of phone metadata the widget loads on first focus: the allowed countries and nothing else, under a name that
// holds its content's hash. The proxy itself decides with the full metadata (gates/number.ts).

import { createHash } from 'node:crypto';
import type { CountryCode, MetadataJson } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { routes } from '../../contract.js';
import { compressed, immutable, type StaticFile } from './static-file.js';

/** The slice with its URL path. */
export interface PhoneMetadata {
  readonly path: string;
  readonly file: StaticFile;
}

/** Cuts the slice. Of each calling code the main country stays, allowed or not: the formats of all its countries live there. */
export function sliceMetadata(countries: readonly string[]): MetadataJson {
  const codes: Record<string, CountryCode[]> = {};
  const kept = new Set<CountryCode>();
  for (const [code, [main, ...others]] of Object.entries(metadata.country_calling_codes)) {
    if (main === undefined || ![main, ...others].some((country) => countries.includes(country))) continue;
    codes[code] = [main, ...others.filter((country) => countries.includes(country))];
    for (const country of codes[code]) kept.add(country);
  }
  const plans = [...kept].sort().map((country) => [country, metadata.countries[country]] as const);
  return {
    version: metadata.version,
    country_calling_codes: codes,
    countries: Object.fromEntries(plans),
    nonGeographic: {},
  };
}

/** The slice as it is served. */
export function createPhoneMetadata(countries: readonly string[]): PhoneMetadata {
  const body = Uint8Array.from(new TextEncoder().encode(JSON.stringify(sliceMetadata(countries))));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return {
    path: `${routes.phoneMetadata}/${hash}.json`,
    file: {
      body,
      ...compressed(body),
      type: 'application/json',
      cacheControl: immutable,
      etag: `"${hash}"`,
      headers: { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' },
    },
  };
}
