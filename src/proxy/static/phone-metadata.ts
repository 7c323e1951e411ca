// The slice of phone metadata the widget loads on first focus: the allowed countries and nothing else, under a name that
// contains its content's hash. The proxy itself decides with the full metadata (gates/number.ts).

import { createHash } from 'node:crypto';
import type { CountryCode, MetadataJson } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { routes } from '../../contract.js';
import { callableLengths } from '../core/callable-lengths.js';
import { compressed, immutable, type StaticFile } from './static-file.js';

/** The slice with its URL path. */
export interface PhoneMetadata {
  readonly path: string;
  readonly file: StaticFile;
}

/** The metadata of some countries. */
export interface MetadataSlice extends MetadataJson {
  /** Every other calling code, with its country; empty if several countries share it or none has it. */
  readonly others: Readonly<Record<string, string>>;
}

/**
 * Cuts the slice. The main country of each calling code stays, allowed or not, because it holds the formats of all its countries.
 * Lengths are those of numbers that can be called.
 */
export function sliceMetadata(countries: readonly string[]): MetadataSlice {
  const codes: Record<string, CountryCode[]> = {};
  const others: Record<string, string> = {};
  const kept = new Set<CountryCode>();
  for (const [code, [main, ...sharing]] of Object.entries(metadata.country_calling_codes)) {
    if (main === undefined) continue;
    if (![main, ...sharing].some((country) => countries.includes(country))) {
      others[code] = sharing.length === 0 ? main : '';
      continue;
    }
    codes[code] = [main, ...sharing.filter((country) => countries.includes(country))];
    for (const country of codes[code]) kept.add(country);
  }
  for (const code of Object.keys(metadata.nonGeographic)) others[code] = '';
  const plans = [...kept].sort().map((country) => [country, planOf(country)] as const);
  return {
    version: metadata.version,
    country_calling_codes: codes,
    countries: Object.fromEntries(plans),
    nonGeographic: {},
    others,
  };
}

function planOf(country: CountryCode): MetadataJson['countries'][CountryCode] {
  const plan = metadata.countries[country];
  // Index 3 of a minified plan is its possible lengths.
  return Array.isArray(plan) ? plan.with(3, callableLengths(country)) : plan;
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
